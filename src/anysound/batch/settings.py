"""All that a batch's results depend on but the recordings."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from anysound.batch.options import BatchOptions
from anysound.classifier import Classifier
from anysound.labels import LabelSet
from anysound.writing import WholeFile

Settings = Mapping[str, Any]


def settings_of(classifier: Classifier, labels: LabelSet, options: BatchOptions) -> Settings:
    """Return what decides the results, ready for JSON.

    The labels stand here as the model reads them, so another translation is another setting.

    Raises:
        LabelError: The labels cannot be understood.
    """
    from anysound import __version__

    info = classifier.model.info
    events = options.events
    clips = None
    if events and events.clips:
        clips = {"folder": str(events.clips.absolute()), "margin": events.margin}
    return {
        "anysound": __version__,
        "model": {**info.to_dict(), "unit": repr(info.unit)},
        "calibration": asdict(classifier.calibration),
        "labels": [label.to_dict() for label in classifier.readable_labels(labels)],
        "timeline": asdict(events.timeline) if events else None,
        "clips": clips,
    }


def digest(settings: Settings) -> str:
    """Return what stands for the settings, and for no others."""
    return sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def write_parameters(output: Path, parameters: Mapping[str, Any]) -> Path:
    """Write down beside the results how they were made, as ``results.csv.params.json``.

    Raises:
        OutputError: It can't be written there.
    """
    path = output.with_name(f"{output.name}.params.json")
    with WholeFile(path) as whole, whole.reporting():
        text = json.dumps(parameters, ensure_ascii=False, indent=1)
        whole.file.write(text.encode("utf-8", "backslashreplace") + b"\n")
    return path
