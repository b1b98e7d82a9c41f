"""Real recordings for training: which file holds which concept, and under which licence."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from training.packages import UNPACKED

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class RealRecording:
    """One file of a source."""

    path: Path
    concept: str
    source: str


@dataclass(frozen=True)
class Source:
    """A collection of recordings under one licence."""

    name: str
    title: str
    license: str
    root: Path
    patterns: dict[str, list[str]]

    def recordings(self) -> Iterator[RealRecording]:
        """Yield the source's recordings in a fixed order, each file once.

        Raises:
            SystemExit: A pattern matches no file, so that a missing package is noticed.
        """
        for concept, patterns in self.patterns.items():
            for pattern in patterns:
                paths = sorted(path for path in self.root.glob(pattern) if path.is_file())
                if not paths:
                    raise SystemExit(f"{self.name}: nothing matches {self.root}/{pattern}")
                for path in paths:
                    yield RealRecording(path, concept, self.name)


def sources(data: Path) -> list[Source]:
    """Read ``sources.yaml``; ``data`` is the folder with the collections that it names."""
    table = yaml.safe_load((_HERE / "sources.yaml").read_text(encoding="utf-8"))
    return [
        Source(
            name=name,
            title=entry["title"],
            license=entry["license"],
            root=Path(entry["root"].format(data=data, packages=UNPACKED)),
            patterns=entry["concepts"],
        )
        for name, entry in table.items()
    ]


def licence_table(found: list[Source]) -> str:
    """Return the sources and their licences as a Markdown table."""
    rows = ["| source | licence | recordings | concepts |", "|---|---|---|---|"]
    for source in found:
        recordings = list(source.recordings())
        concepts = {recording.concept for recording in recordings}
        rows.append(f"| {source.title} | {source.license} | {len(recordings)} | {len(concepts)} |")
    return "\n".join(rows)
