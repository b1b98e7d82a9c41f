"""Stored window embeddings of many recordings: relabel and search them without the audio."""

from anysound.index.adding import AddOptions, AddProgress, AddSummary, OnAddProgress
from anysound.index.checking import Checked
from anysound.index.cutting import cut_moments
from anysound.index.description import StoredModel
from anysound.index.index import Index, IndexInfo
from anysound.index.labelling import note_on_places
from anysound.index.search import Moment

__all__ = [
    "AddOptions",
    "AddProgress",
    "AddSummary",
    "Checked",
    "Index",
    "IndexInfo",
    "Moment",
    "OnAddProgress",
    "StoredModel",
    "cut_moments",
    "note_on_places",
]
