"""Labels taught by examples: recordings that say what phrases can't."""

from anysound.teaching.choosing import HeldOut
from anysound.teaching.examples import Given, Sample, given_by
from anysound.teaching.label_file import check_output, label_text, write_labels
from anysound.teaching.teach import (
    MOST,
    TaughtLabel,
    Teaching,
    TeachOptions,
    plan,
    teach,
    teach_planned,
)

__all__ = [
    "MOST",
    "Given",
    "HeldOut",
    "Sample",
    "TaughtLabel",
    "TeachOptions",
    "Teaching",
    "check_output",
    "given_by",
    "label_text",
    "plan",
    "teach",
    "teach_planned",
    "write_labels",
]
