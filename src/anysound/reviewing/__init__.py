"""A batch's table gone through by a person: what was unclear gets its right label."""

from anysound.reviewing.player import find_player, play
from anysound.reviewing.results import Unclear, read_results
from anysound.reviewing.reviewed import NONE, Reviewed

__all__ = ["NONE", "Reviewed", "Unclear", "find_player", "play", "read_results"]
