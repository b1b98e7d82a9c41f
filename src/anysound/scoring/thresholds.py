"""Verdict thresholds of one's own, fitted on a few examples, and the file that keeps them."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anysound.errors import OutputError, UsageError, reason_of
from anysound.language import Text
from anysound.models.protocol import Calibration

_MAX_BYTES = 1 << 16
_HEADER = "# Verdict thresholds for anysound, fitted on a table of recordings.\n"


@dataclass(frozen=True)
class Thresholds:
    """When a verdict is ``none`` or ``ambiguous``, in place of the model's own thresholds.

    Attributes:
        none_below: A best similarity under this is no match.
        ambiguous_within: Two best probabilities closer than this are too close to call.
        model: Id of the model that they were fitted for; similarities of others differ.
        revision: Its revision.
    """

    none_below: float
    ambiguous_within: float
    model: str
    revision: str

    def applied_to(self, calibration: Calibration) -> Calibration:
        """Return a model's calibration with these thresholds in place of its own."""
        return calibration.with_thresholds(self.none_below, self.ambiguous_within)

    def to_dict(self) -> dict[str, Any]:
        """Return the thresholds, ready for JSON."""
        return {
            "none_below": self.none_below,
            "ambiguous_within": self.ambiguous_within,
            "model": self.model,
            "revision": self.revision,
        }


def write_thresholds(path: Path, thresholds: Thresholds) -> None:
    """Write thresholds into a YAML file.

    Raises:
        OutputError: It can't be written there.
    """
    import yaml  # takes time to import

    check_place(path)
    part = path.with_name(f".{path.name}.part")
    content = yaml.safe_dump(thresholds.to_dict(), sort_keys=False, allow_unicode=True)
    try:
        part.write_text(_HEADER + content, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(path, reason_of(error)) from error


def check_place(path: Path) -> None:
    """Make sure that a file can be there, before the work that is to fill it.

    Raises:
        OutputError: It can't.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise _unwritable(path, "a folder" if path.is_dir() else "no such folder")


def read_thresholds(path: Path) -> Thresholds:
    """Read thresholds that ``write_thresholds`` wrote, or a person.

    Raises:
        UsageError: The file can't be read or says something else.
    """
    import yaml

    try:
        with path.open("rb") as file:
            content = yaml.safe_load(file.read(_MAX_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise _wrong(path, reason_of(error), reason_of(error)) from error
    if not isinstance(content, dict):
        raise _wrong(path, "it holds no names with values", "其中没有“名称: 值”")
    return Thresholds(
        none_below=_number(path, content, "none_below", -1.0, 1.0),
        ambiguous_within=_number(path, content, "ambiguous_within", 0.0, 1.0),
        model=str(content.get("model", "")),
        revision=str(content.get("revision", "")),
    )


def _number(path: Path, content: dict[Any, Any], name: str, low: float, high: float) -> float:
    value = content.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    number = float(value) if is_number and value is not None else math.nan
    if not low <= number <= high:
        raise _wrong(
            path,
            f"{name} must be a number from {low:g} to {high:g}",
            f"{name} 必须是 {low:g} 到 {high:g} 之间的数",
        )
    return number


def _unwritable(path: Path, reason: str) -> OutputError:
    return OutputError(
        Text(
            en=f"{path}: the thresholds can't be written there ({reason}). Name a file in a folder "
            "that is there and may be written to.",
            zh=f"{path}：无法写入阈值文件（{reason}）。请指定一个已存在且可写的文件夹中的文件。",
        )
    )


def _wrong(path: Path, en: str, zh: str) -> UsageError:
    return UsageError(
        Text(
            en=f"{path}: these are no thresholds ({en}). "
            "`anysound eval TABLE.csv -l LABELS --fit-thresholds FILE` writes them.",
            zh=f"{path}：这不是阈值文件（{zh}）。"
            "可用 `anysound eval 表格.csv -l 标签 --fit-thresholds 文件` 生成。",
        )
    )
