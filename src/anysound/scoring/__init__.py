"""Scoring: from similarities to probabilities and a verdict."""

from anysound.scoring.probability import pool_windows, probabilities
from anysound.scoring.verdict import Verdict, decide

__all__ = ["Verdict", "decide", "pool_windows", "probabilities"]
