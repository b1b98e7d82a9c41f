"""The page that ``--help`` prints: its titles in both languages, and no line cut off.

Rich breaks lines at spaces, which Chinese has none of, and cuts off what is left; its answer to
that is ``overflow="fold"`` (Textualize/rich, issue 2494), for which Typer has no setting.
"""

from collections.abc import Iterable
from typing import Any

from rich.columns import Columns
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as RichText
from typer import rich_utils

from anysound.language import Text

_TITLES = {
    "ARGUMENTS_PANEL_TITLE": Text(en="Arguments", zh="参数"),
    "OPTIONS_PANEL_TITLE": Text(en="Options", zh="选项"),
    "COMMANDS_PANEL_TITLE": Text(en="Commands", zh="命令"),
    "DEFAULT_STRING": Text(en="[default: {}]", zh="[默认：{}]"),
    "REQUIRED_LONG_STRING": Text(en="[required]", zh="[必填]"),
}


class _FoldingTable(Table):
    """A table whose cells are broken where the line ends."""

    def add_row(self, *cells: RenderableType | None, **options: Any) -> None:
        super().add_row(*cells, **options)
        for column in self.columns:
            column.overflow = "fold"


class _FoldingColumns(Columns):
    """Texts beside each other, broken where the line ends."""

    def __init__(self, texts: Iterable[RenderableType]) -> None:
        texts = list(texts)
        for text in texts:
            if isinstance(text, RichText):
                text.overflow = "fold"
        super().__init__(texts)


def set_up() -> None:
    """Have ``--help`` printed so."""
    vars(rich_utils).update({name: str(title) for name, title in _TITLES.items()})
    vars(rich_utils).update(Table=_FoldingTable, Columns=_FoldingColumns)
