"""Many recordings: found in a folder, classified side by side, written as one table."""

from anysound.batch.run import BatchOptions, BatchSummary, OnProgress, run_batch
from anysound.batch.table import Row, disarmed
from anysound.batch.walk import EXTENSIONS, Found, find_recordings

__all__ = [
    "EXTENSIONS",
    "BatchOptions",
    "BatchSummary",
    "Found",
    "OnProgress",
    "Row",
    "disarmed",
    "find_recordings",
    "run_batch",
]
