"""A page with text on it, and how much room text takes.

matplotlib can't measure text that another program's fonts will show, so it is reckoned here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anysound.labels.scan import is_wide

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 9.0
"""Size of names and numbers."""

LINE = 1.35 * POINTS / 72
"""Height of a line of text, in inches."""

_WRAP = 28  # columns of a name in one line


@dataclass(frozen=True)
class Page:
    """A picture's size; places on it are in inches from its lower left corner."""

    width: float
    height: float

    def box(
        self, left: float, bottom: float, width: float, height: float
    ) -> tuple[float, float, float, float]:
        """Return a box in shares of the page."""
        return left / self.width, bottom / self.height, width / self.width, height / self.height

    def write(self, figure: "Figure", text: str, x: float, y: float, **style: Any) -> None:
        """Write one line; its anchor, not its measured width, decides where it lies."""
        figure.text(x / self.width, y / self.height, text, fontsize=POINTS + 1, **style)

    def write_title(self, figure: "Figure", title: str) -> None:
        """Write the title's lines at the top."""
        for number, line in enumerate(title.splitlines(), start=1):
            self.write(figure, line, 0.2, self.height - 0.1 - number * LINE)


def columns(text: str) -> int:
    """Return how many narrow characters a text is wide."""
    return sum(2 if is_wide(character) else 1 for character in text)


def inches(text: str) -> float:
    """Return about how wide a text is drawn; rather more, since fonts differ."""
    ems = (
        1.05 if is_wide(each) else 0.85 if each.isupper() or each in "mw@%" else 0.62
        for each in text
    )
    return sum(ems) * POINTS / 72


def wrapped(name: str) -> str:
    """Break a name into lines, at blanks where there are any; nothing of it is lost."""
    lines, line = [], ""
    for word in _words(name):
        if line and columns(line + word.rstrip()) > _WRAP:
            lines.append(line.rstrip())
            line = ""
        line += word
    return "\n".join([*lines, line.rstrip()])


def _words(name: str) -> Iterator[str]:
    """Cut a text where a line may end: behind a blank, and beside a wide character."""
    word = ""
    for character in name:
        if word and (is_wide(character) or is_wide(word[-1]) or columns(word) >= _WRAP):
            yield word
            word = ""
        word += character
        if character == " ":
            yield word
            word = ""
    if word:
        yield word
