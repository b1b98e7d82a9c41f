"""Scoring: from similarities to probabilities and a verdict."""

from anysound.scoring.evidence import is_lowered, log_evidence, lowered
from anysound.scoring.groups import GroupScore, find_clear_group, score_groups
from anysound.scoring.presence import presence
from anysound.scoring.probability import (
    Similarities,
    pool_segments,
    pool_windows,
    probabilities,
    softmax,
)
from anysound.scoring.thresholds import Thresholds, read_thresholds
from anysound.scoring.verdict import AS_GOOD, Verdict, decide, needed_similarity

__all__ = [
    "AS_GOOD",
    "GroupScore",
    "Similarities",
    "Thresholds",
    "Verdict",
    "decide",
    "find_clear_group",
    "is_lowered",
    "log_evidence",
    "lowered",
    "needed_similarity",
    "pool_segments",
    "pool_windows",
    "presence",
    "probabilities",
    "read_thresholds",
    "score_groups",
    "softmax",
]
