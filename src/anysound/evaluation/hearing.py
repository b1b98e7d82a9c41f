"""Recordings heard once and asked about many times.

``Classifier.classify`` hears a recording anew for each label set. To compare label sets, a
recording is decoded and embedded once, and what is kept of it is its windows' embeddings. This
is the only module that looks into the classifier for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anysound.audio import Recording, open_recording
from anysound.classifier import Classification, Classifier
from anysound.labels import LabelSet


@dataclass(frozen=True)
class Hearing:
    """What the model made of one recording, before any label is looked at.

    Attributes:
        name: The recording's name.
        heard: The classifier's own.
    """

    name: str
    heard: Any


def hear(classifier: Classifier, recording: Recording, label_sets: Sequence[LabelSet]) -> Hearing:
    """Decode and embed a recording.

    Args:
        classifier: Hears.
        recording: What the user gave.
        label_sets: All that will be asked about; what they restrict to a place in time decides
            what has to be heard. Labels with the same places may be asked about as well.

    Raises:
        RecordingError: It can't be read.
    """
    with open_recording(recording, classifier.model.info.rate) as stream:
        return Hearing(stream.name, classifier._listen(stream))


def answer(classifier: Classifier, hearing: Hearing, labels: LabelSet) -> Classification:
    """Answer as ``classifier.classify`` does, to the bit.

    The classifier's model must embed audio as the one that heard.

    Raises:
        LabelError: The model can't read the labels.
    """
    embedded = classifier._embed_labels(labels)
    return classifier._answer(hearing.name, hearing.heard, labels, embedded)
