"""What the user wants named: labels, as they are typed or kept in files."""

from anysound.labels.draft import LabelSet
from anysound.labels.examples import Examples
from anysound.labels.files import is_label_line, read_label_text, read_labels
from anysound.labels.grammar import format_labels, parse_labels
from anysound.labels.label import Label, Place
from anysound.labels.located import Located, locate_labels

__all__ = [
    "Examples",
    "Label",
    "LabelSet",
    "Located",
    "Place",
    "format_labels",
    "is_label_line",
    "locate_labels",
    "parse_labels",
    "read_label_text",
    "read_labels",
]
