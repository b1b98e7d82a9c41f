"""Many recordings: found in a folder, classified side by side, written as one table."""

from anysound.batch.run import BatchOptions, BatchSummary, OnProgress, run_batch
from anysound.batch.side_by_side import in_order, why_failed
from anysound.batch.table import Row
from anysound.batch.walk import EXTENSIONS, Found, find_recordings

__all__ = [
    "EXTENSIONS",
    "BatchOptions",
    "BatchSummary",
    "Found",
    "OnProgress",
    "Row",
    "find_recordings",
    "in_order",
    "run_batch",
    "why_failed",
]
