"""The options of all commands about an index, and who answers from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from anysound.cli.loading import Answering
from anysound.cli.terminal import help_text

if TYPE_CHECKING:
    from anysound.classifier import Classifier
    from anysound.index import StoredModel

IndexArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="INDEX",
        help=help_text(
            "The index's folder, or its URL (s3://bucket/archive).",
            "索引所在的文件夹，或其网络地址（s3://bucket/archive）。",
        ),
    ),
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help=help_text("Print JSON.", "输出 JSON。"))
]


@dataclass(frozen=True)
class Asked:
    """What was asked of whoever answers; what wasn't is as the index was made."""

    model: str | None
    device: str
    precision: str = "auto"
    fused: bool = False
    threads: int | None = None
    translator: str = "lexicon"
    untranslated: str = "refuse"
    thresholds: Path | None = None

    def classifier(self, made_by: "StoredModel | None") -> "Classifier":
        """Make ready a model, by default the one that made the index."""
        from anysound.models import ModelOptions

        run = ModelOptions(self.precision, self.device, self.threads, self.fused)
        how = (self.translator, self.untranslated, self.thresholds)
        answering = Answering(self.model, run, *how)
        return (answering.as_made(made_by) if made_by else answering).classifier()
