"""Lint for labels: what could be written better, why, and how."""

from anysound.labels.lint.edit import Edit, edits
from anysound.labels.lint.finding import Finding
from anysound.labels.lint.likeness import Hearing, Yardstick, check_likeness, measure
from anysound.labels.lint.wording import check_translation, check_wording

__all__ = [
    "Edit",
    "Finding",
    "Hearing",
    "Yardstick",
    "check_likeness",
    "check_translation",
    "check_wording",
    "edits",
    "measure",
]
