"""A JSON file whose values are checked one by one."""

import json
import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from anysound.errors import ModelError
from anysound.language import Text

_Choice = TypeVar("_Choice", bound=str)

_LARGEST = 100_000  # of any one size; the hub's checkpoints stay under 60,000
_LARGEST_FILE = 1 << 20  # bytes; the hub's take a few thousand
_MOST_STAGES = 8
_MOST_IDS = 100


class Fields:
    """A JSON object whose values are checked when they are taken.

    Each method that takes one raises ModelError, naming file and field, where it is missing
    without a default, of another type, or out of bounds.
    """

    def __init__(self, path: Path, values: Mapping[str, Any], runs: Text, prefix: str = "") -> None:
        """Take over a file's values; users call :meth:`read`."""
        self._path = path
        self._values = values
        self._runs = runs
        self._prefix = prefix

    @classmethod
    def read(cls, path: Path, runs: Text) -> "Fields":
        """Read a file that holds one JSON object.

        Args:
            path: Of the file.
            runs: Which models can be used instead, as the object of "anysound runs".

        Raises:
            ModelError: It can't be read, or holds something else.
        """
        try:
            with path.open("rb") as file:
                values = json.loads(file.read(_LARGEST_FILE))
        except OSError as error:
            raise ModelError(
                Text(
                    en=f"{path} can't be read: a model needs this file beside its weights.",
                    zh=f"无法读取 {path}：模型的权重旁必须有此文件。",
                )
            ) from error
        except (ValueError, RecursionError) as error:
            raise ModelError(
                Text(
                    en=f"{path} is damaged: it is not JSON. Fetch the model again.",
                    zh=f"{path} 已损坏：不是 JSON。请重新获取模型。",
                )
            ) from error
        if not isinstance(values, dict):
            raise cls(path, {}, runs).problem("holds no JSON object", "中没有 JSON 对象")
        return cls(path, values, runs)

    def problem(self, en: str, zh: str) -> ModelError:
        """Make the error for values that can't be used, each given so as to follow the file."""
        where = f"{self._path}" + (f" ({self._prefix.rstrip('.')})" if self._prefix else "")
        return ModelError(
            Text(
                en=f"{where} {en}: anysound can't build this model. It runs {self._runs.en}.",
                zh=f"{where} {zh}：anysound 无法构建此模型。支持的是{self._runs.zh}。",
            )
        )

    def without_nulls(self) -> "Fields":
        """Leave out fields that are null, for files in which that says no more than absence."""
        values = {name: value for name, value in self._values.items() if value is not None}
        return Fields(self._path, values, self._runs, self._prefix)

    def section(self, name: str) -> "Fields":
        """Take an object within."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            raise self._refused(name, value)
        return Fields(self._path, value, self._runs, f"{name}.")

    def expect(self, name: str, wanted: object, default: object = None) -> None:
        """Refuse any other value than the one that anysound can build."""
        value = self._values.get(name, default)
        if type(value) is not type(wanted) or value != wanted:
            raise self._refused(name, value, wanted)

    def size(self, name: str, default: int | None = None) -> int:
        """Take a whole number from 1 up."""
        value = self._values.get(name, default)
        if not _is_size(value):
            raise self._refused(name, value)
        return int(value)

    def id(self, name: str, default: int | None = None) -> int:
        """Take a whole number from 0 up."""
        value = self._values.get(name, default)
        if not _is_id(value):
            raise self._refused(name, value)
        return int(value)

    def single_ids(self, name: str) -> tuple[int, ...]:
        """Take a list of lists of one id each; none is an empty one."""
        value = self._values.get(name, [])
        is_fine = isinstance(value, list) and len(value) <= _MOST_IDS
        if not is_fine or not all(isinstance(one, list) and len(one) == 1 for one in value):
            raise self._refused(name, value)
        if not all(_is_id(one[0]) for one in value):
            raise self._refused(name, value)
        return tuple(one[0] for one in value)

    def sizes(self, name: str, default: list[int]) -> tuple[int, ...]:
        """Take one size a stage."""
        value = self._values.get(name, default)
        if not isinstance(value, list) or not 0 < len(value) <= _MOST_STAGES:
            raise self._refused(name, value)
        if not all(map(_is_size, value)):
            raise self._refused(name, value)
        return tuple(value)

    def square(self, name: str, default: int) -> int:
        """Take one size, or a pair of equal ones."""
        value = self._values.get(name, default)
        sides = value if isinstance(value, list) else [value]
        if len(sides) not in (1, 2) or not all(map(_is_size, sides)) or sides[0] != sides[-1]:
            raise self._refused(name, value)
        return int(sides[0])

    def number(self, name: str, default: float | None = None) -> float:
        """Take a number from 0 up."""
        value = self._values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            raise self._refused(name, value)
        return float(value)

    def flag(self, name: str, default: bool) -> bool:
        """Take a truth value."""
        value = self._values.get(name, default)
        if not isinstance(value, bool):
            raise self._refused(name, value)
        return value

    def choice(self, name: str, choices: tuple[_Choice, ...], default: _Choice) -> _Choice:
        """Take one of some words."""
        value = self._values.get(name, default)
        for choice in choices:
            if value == choice:
                return choice
        raise self._refused(name, value)

    def _refused(self, name: str, value: object, wanted: object = None) -> ModelError:
        # Shortened: a value may be nested or long beyond what its full form can bear.
        found = "missing" if value is None else f"not usable: {reprlib.repr(value)}"
        found_zh = "缺失" if value is None else f"不可用：{reprlib.repr(value)}"
        wish = "" if wanted is None else f" (it must be {wanted!r})"
        wish_zh = "" if wanted is None else f"（必须为 {wanted!r}）"
        return self.problem(
            f"has a field {self._prefix}{name} that is {found}{wish}",
            f"的字段 {self._prefix}{name} {found_zh}{wish_zh}",
        )


def _is_size(value: object) -> TypeGuard[int]:
    return _is_id(value) and value > 0


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST
