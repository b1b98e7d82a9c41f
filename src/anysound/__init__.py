"""Write down the sounds you care about, in your own words, and get them recognised.

Example:
    >>> from anysound import Classifier
    >>> Classifier().classify("kitchen.m4a", "微波炉叮声, 水龙头滴水声, 婴儿哭声").label
"""

import anysound.telemetry  # noqa: F401
from anysound.classifier import Classifier
from anysound.errors import (
    AnysoundError,
    LabelError,
    MissingExtraError,
    ModelError,
    OutputError,
    RecordingError,
    UsageError,
)
from anysound.labels import Label
from anysound.results import Classification, Score
from anysound.scoring import GroupScore

__version__ = "0.1.0"

__all__ = [
    "AnysoundError",
    "Classification",
    "Classifier",
    "GroupScore",
    "Label",
    "LabelError",
    "MissingExtraError",
    "ModelError",
    "OutputError",
    "RecordingError",
    "Score",
    "UsageError",
    "__version__",
]
