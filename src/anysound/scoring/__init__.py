"""Scoring: from similarities to probabilities and a verdict."""

from anysound.scoring.evidence import is_lowered, log_evidence, lowered
from anysound.scoring.groups import GroupScore, find_clear_group, score_groups
from anysound.scoring.probability import Similarities, pool_windows, probabilities
from anysound.scoring.verdict import Verdict, decide

__all__ = [
    "GroupScore",
    "Similarities",
    "Verdict",
    "decide",
    "find_clear_group",
    "is_lowered",
    "log_evidence",
    "lowered",
    "pool_windows",
    "probabilities",
    "score_groups",
]
