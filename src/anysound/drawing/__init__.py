"""Pictures by matplotlib, with text in any language."""

from anysound.drawing.fonts import undrawable
from anysound.drawing.page import LINE, POINTS, Page, columns, inches, wrapped
from anysound.drawing.render import as_png, as_svg, check_matplotlib

__all__ = [
    "LINE",
    "POINTS",
    "Page",
    "as_png",
    "as_svg",
    "check_matplotlib",
    "columns",
    "inches",
    "undrawable",
    "wrapped",
]
