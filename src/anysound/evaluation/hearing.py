"""Recordings heard once and asked about many times.

``Classifier.classify`` hears a recording anew for each label set. To compare label sets, a
recording is decoded and embedded once, and what is kept of it is its windows' embeddings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from anysound.audio import Recording, open_recording
from anysound.classifier import Classifier
from anysound.hearing import Heard, listen
from anysound.judging import part_of
from anysound.labels import LabelSet
from anysound.results import Classification


@dataclass(frozen=True)
class Hearing:
    """What the model made of one recording, before any label is looked at.

    Attributes:
        name: The recording's name.
        heard: What it made of each part that a label may be looked for in.
    """

    name: str
    heard: Heard


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
    parts = [part_of(label) for labels in label_sets for label in labels]
    with open_recording(recording, classifier.model.info.rate) as stream:
        return Hearing(stream.name, listen(classifier.model, stream, parts))


def answer(classifier: Classifier, hearing: Hearing, labels: LabelSet) -> Classification:
    """Answer as ``classifier.classify`` does, to the bit.

    The classifier's model must embed audio as the one that heard.

    Raises:
        LabelError: The model can't read the labels.
    """
    parts = {part_of(label): hearing.heard.parts[part_of(label)] for label in labels}
    heard = replace(hearing.heard, parts=parts)  # other label sets' parts must not count
    return classifier.answer(hearing.name, heard, labels)
