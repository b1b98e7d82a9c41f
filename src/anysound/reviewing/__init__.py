"""A batch's table gone through by a person: what was unclear gets its right label."""

from anysound.reviewing.excerpt import Excerpt, cut
from anysound.reviewing.player import Player, find_player
from anysound.reviewing.results import Results, Unclear, read_results
from anysound.reviewing.reviewed import NONE, Reviewed, reviewed_file
from anysound.reviewing.sketch import draw

__all__ = [
    "NONE",
    "Excerpt",
    "Player",
    "Results",
    "Reviewed",
    "Unclear",
    "cut",
    "draw",
    "find_player",
    "read_results",
    "reviewed_file",
]
