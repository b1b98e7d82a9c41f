"""A drawing by matplotlib as the content of a file.

In SVG, text stays text, so that whatever shows it uses its own fonts.
"""

import io
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from anysound.drawing.fonts import families
from anysound.drawing.page import Page
from anysound.errors import MissingExtraError
from anysound.language import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw: TypeAlias = "Callable[[Figure], None]"

_DOTS = 150  # of a PNG, per inch


def check_matplotlib() -> None:
    """Make sure that pictures can be drawn.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(Text(en="Drawing pictures", zh="绘制图片"), "plot") from error


def as_svg(draw: Draw, page: Page) -> str:
    """Return the drawing as SVG.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    check_matplotlib()
    # The last one keeps all the dots of an image, for whatever shows it to scale.
    style = {"svg.fonttype": "none", "svg.hashsalt": "anysound", "image.interpolation": "none"}
    return _rendered(draw, page, "svg", style, {"Date": None}).decode()


def as_png(draw: Draw, page: Page) -> bytes:
    """Return the drawing as PNG; what is ``undrawable`` in it is drawn as boxes.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    check_matplotlib()
    return _rendered(draw, page, "png", {"font.family": families()}, {"Software": None})


def _rendered(
    draw: Draw,
    page: Page,
    format_: Literal["svg", "png"],
    style: Any,
    metadata: dict[str, None],
) -> bytes:
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.text import Text as DrawnText

    with matplotlib.rc_context(style), _without_complaints():
        figure = Figure(figsize=(page.width, page.height), facecolor="white", dpi=_DOTS)
        draw(figure)
        for text in figure.findobj(DrawnText):
            text.set_parse_math(False)  # $ is a dollar
        written = io.BytesIO()
        figure.savefig(written, format=format_, metadata=metadata)
    return written.getvalue()


@contextmanager
def _without_complaints() -> "Iterator[None]":
    """Keep quiet about glyphs that matplotlib's fonts lack: they are drawn by the viewer's."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        logger.setLevel(level)
