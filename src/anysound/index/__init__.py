"""Stored window embeddings of many recordings: relabel and search them without the audio."""

from anysound.index.adding import AddOptions, AddProgress, AddSummary, OnAddProgress
from anysound.index.checking import Checked
from anysound.index.cutting import cut_moments
from anysound.index.description import StoredModel
from anysound.index.index import Index, IndexInfo
from anysound.index.labelling import note_on_places
from anysound.index.mapping import Mapped
from anysound.index.search import Moment
from anysound.index.similar import SIMILAR_FROM, Compared, OnCompared, SimilarRecording
from anysound.index.similar_table import groups_file, write_groups

__all__ = [
    "SIMILAR_FROM",
    "AddOptions",
    "AddProgress",
    "AddSummary",
    "Checked",
    "Compared",
    "Index",
    "IndexInfo",
    "Mapped",
    "Moment",
    "OnAddProgress",
    "OnCompared",
    "SimilarRecording",
    "StoredModel",
    "cut_moments",
    "groups_file",
    "note_on_places",
    "write_groups",
]
