"""Write the model card: the text of ``card.md`` with the figures measured now.

python -m training.card [--data FOLDER]
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from anysound.models.bundled.model import WEIGHTS, BundledModel
from anysound.models.protocol import ModelOptions
from training.clips import HEARD, MADE
from training.evaluate import measured, milliseconds
from training.export import weight_files
from training.figures import Figure, Report, keep, kept, markdown
from training.recordings import licence_table, sources
from training.text_data import read_bank
from training.variants import VARIANTS

_TITLES = {
    "shipped": "This model",
    "fold-3": "Its sibling that was not trained on fold 3 and the everyday recordings",
    "zero-shot": "Its sibling that heard no ESC-10 and nothing of sixteen concepts",
}
_WEAK = 0.8
"""A share below this is named in the card."""


def weaknesses(report: Report) -> str:
    """Name the classes and qualifiers that a model is bad at."""
    lines = []
    for title, figures in report.items():
        worst = [f for f in figures if f.share < _WEAK]
        if worst and ("class" in title or "qualifiers" in title):
            named = ", ".join(f"{f.what} ({f.share:.0%})" for f in worst)
            lines.append(f"- {title}: {named}.")
    return "\n".join(lines) or f"- No class or qualifier measured is below {_WEAK:.0%}."


def figures_text() -> str:
    """Return the kept figures of all three models."""
    return "\n\n".join(f"### {title}\n\n{markdown(kept(name))}" for name, title in _TITLES.items())


def _clip_counts() -> Counter[str]:
    counts: Counter[str] = Counter()
    for index in HEARD.glob("*.json"):
        entries = json.loads(index.read_text(encoding="utf-8"))
        counts.update(entry["source"] for entry in entries)
    return counts


def _megabytes(folder: Path, *names: str) -> str:
    return f"{sum((folder / name).stat().st_size for name in names) / 1e6:.1f}"


def main() -> None:
    """Measure the shipped model, keep its figures, and write its card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    facts = json.loads((WEIGHTS / "model.json").read_text(encoding="utf-8"))
    model = BundledModel.load(ModelOptions(threads=1))
    keep("shipped", facts["revision"], measured(VARIANTS["shipped"], model, options.data, "45"))
    reports: list[Report] = [kept(name) for name in _TITLES]
    everything: dict[str, list[Figure]] = {k: v for report in reports for k, v in report.items()}
    found = sources(options.data)
    heard = {concept for source in found for concept in source.patterns}
    counts = _clip_counts()
    text_files = [path.name for path in weight_files(WEIGHTS) if path.name != "audio.onnx"]
    filled = (
        (Path(__file__).parent / "card.md")
        .read_text(encoding="utf-8")
        .format(
            **facts["calibration"],
            revision=facts["revision"],
            milliseconds=milliseconds(model),
            dim=facts["dim"],
            concepts=facts["concepts"],
            synthetic=len(set(read_bank()) - heard),
            audio_mb=_megabytes(WEIGHTS, "audio.onnx"),
            text_mb=_megabytes(WEIGHTS, *text_files),
            tokens=len((WEIGHTS / "tokens.txt").read_text(encoding="utf-8").split()),
            figures=figures_text(),
            weak=weaknesses(everything),
            licences=licence_table(found),
            clips=counts.total(),
            real=counts.total() - sum(counts[source] for source in MADE),
            synthesised=counts["synthesis"],
            instruments=counts["fluidsynth"],
            voices=counts["espeak-ng"],
            keyboards=counts["kbsim"],
        )
    )
    (WEIGHTS / "CARD.md").write_text(filled, encoding="utf-8")
    print(filled)


if __name__ == "__main__":
    main()
