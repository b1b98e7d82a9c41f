"""Write the model card: the text of ``card.md`` with the figures measured now.

python -m training.card [--data FOLDER] [--model FOLDER]
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from anysound.classifier import Classifier
from anysound.models.bundled import BundledModel
from anysound.models.bundled.model import WEIGHTS
from anysound.models.protocol import ModelOptions
from training.clips import MADE, WORK
from training.evaluate import held_out, prompts_report, verdicts_report
from training.recordings import licence_table, sources


def _megabytes(folder: Path, *names: str) -> str:
    return f"{sum((folder / name).stat().st_size for name in names) / 1e6:.1f}"


def _clip_counts() -> Counter[str]:
    counts: Counter[str] = Counter()
    for index in (WORK / "clips").glob("*.json"):
        entries = json.loads(index.read_text(encoding="utf-8"))
        counts.update(entry["source"] for entry in entries)
    return counts


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    folder: Path = options.model
    facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    classifier = Classifier(BundledModel.load(ModelOptions(), folder))
    recordings = held_out(options.data, [3])
    counts = _clip_counts()
    text_files = [path.name for path in folder.iterdir() if path.suffix in (".npy", ".txt")]
    card = (Path(__file__).parent / "card.md").read_text(encoding="utf-8")
    filled = card.format(
        **facts["calibration"],
        revision=facts["revision"],
        dim=facts["dim"],
        concepts=facts["concepts"],
        audio_mb=_megabytes(folder, "audio.onnx"),
        text_mb=_megabytes(folder, *text_files),
        tokens=len((folder / "tokens.txt").read_text(encoding="utf-8").split()),
        recordings=len(recordings),
        prompts=prompts_report(classifier, recordings),
        verdicts=verdicts_report(classifier, recordings),
        licences=licence_table(sources(options.data)),
        clips=counts.total(),
        real=counts.total() - sum(counts[source] for source in MADE),
        synthesised=counts["synthesis"],
        instruments=counts["fluidsynth"],
        voices=counts["espeak-ng"],
    )
    (folder / "CARD.md").write_text(filled, encoding="utf-8")
    print(filled)


if __name__ == "__main__":
    main()
