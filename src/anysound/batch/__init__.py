"""Many recordings: found, classified side by side, written as one table; killed, it goes on."""

from anysound.batch.options import BatchOptions, ClusterOptions, EventOptions
from anysound.batch.row import Row
from anysound.batch.run import (
    BatchSummary,
    OnProgress,
    Progress,
    Tally,
    how_to_go_on,
    run_batch,
)
from anysound.batch.side_by_side import in_order, why_failed
from anysound.batch.sources import Found, SourceOptions, find_sources
from anysound.batch.tables import COLUMNS, FORMATS, table_format
from anysound.batch.walk import EXTENSIONS

__all__ = [
    "COLUMNS",
    "EXTENSIONS",
    "FORMATS",
    "BatchOptions",
    "BatchSummary",
    "ClusterOptions",
    "EventOptions",
    "Found",
    "OnProgress",
    "Progress",
    "Row",
    "SourceOptions",
    "Tally",
    "find_sources",
    "how_to_go_on",
    "in_order",
    "run_batch",
    "table_format",
    "why_failed",
]
