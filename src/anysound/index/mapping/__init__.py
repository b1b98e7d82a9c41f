"""A map of an index: its recordings as points of a plane, as a page to look at and listen to."""

from anysound.index.mapping.layout import Labelling, Mapped, check_installed, map_recordings
from anysound.index.mapping.page import check_page, page_of

__all__ = [
    "Labelling",
    "Mapped",
    "check_installed",
    "check_page",
    "map_recordings",
    "page_of",
]
