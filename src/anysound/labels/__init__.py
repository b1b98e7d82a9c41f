"""What the user wants named: labels, as they are typed or kept in files."""

from anysound.labels.draft import LabelSet
from anysound.labels.files import read_labels
from anysound.labels.grammar import format_labels, parse_labels
from anysound.labels.label import Label, Place

__all__ = ["Label", "LabelSet", "Place", "format_labels", "parse_labels", "read_labels"]
