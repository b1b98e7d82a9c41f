"""The kinds of models that can be installed, and what is different about each."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from anysound.language import Text
from anysound.models.clap.config import ClapConfig
from anysound.models.store.checkpoint import clap_files, translator_files
from anysound.models.store.manifest import KindName

Build: TypeAlias = Callable[[Path, Path, Callable[[Text], None]], dict[str, Any]]
"""Builds a model: from a checkpoint in the hub's layout, into an empty folder, telling each step.
Returns facts about the model, ready for JSON."""


@dataclass(frozen=True)
class Kind:
    """A kind of models.

    Attributes:
        name: As the manifest has it.
        files: Chooses, among all files there are, those that a model is built from; told what
            they are the files of, for the message. Raises ModelError if one is missing.
        check: Looks at all files but the weights; raises an error if no model can be built.
        build: Builds it.
    """

    name: KindName
    files: Callable[[Collection[str], str], tuple[str, ...]]
    check: Callable[[Path], None]
    build: Build


def kind_of(names: Collection[str]) -> Kind:
    """Tell a checkpoint's kind by the names of its files; what is neither counts as CLAP."""
    return TRANSLATOR if "source.spm" in names else AUDIO_TEXT


def _check_clap(folder: Path) -> None:
    ClapConfig.read(folder)


def _build_clap(checkpoint: Path, target: Path, report: Callable[[Text], None]) -> dict[str, Any]:
    from anysound.models.clap.build import build

    return build(checkpoint, target, report)


def _check_translator(folder: Path) -> None:
    from anysound.models.marian.config import MarianConfig
    from anysound.models.marian.tokenizer import MarianTokenizer

    MarianTokenizer.load(folder, MarianConfig.read(folder))


def _build_translator(
    checkpoint: Path, target: Path, report: Callable[[Text], None]
) -> dict[str, Any]:
    from anysound.models.marian.build import build

    return build(checkpoint, target, report)


AUDIO_TEXT = Kind("audio-text", clap_files, _check_clap, _build_clap)
TRANSLATOR = Kind("translator", translator_files, _check_translator, _build_translator)
