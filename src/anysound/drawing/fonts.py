"""The fonts on this system that text in a PNG is drawn with.

matplotlib brings its own, which has no Chinese, and would draw boxes in place of it.
"""

from contextlib import suppress

_OWN = "DejaVu Sans"
_CHINESE = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "Heiti TC", "STHeiti"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "DengXian", "SimSun"),
    # Whole families under the name of the first face in their file.
    *("Noto Sans CJK JP", "Droid Sans Fallback", "Arial Unicode MS"),
)


def families() -> list[str]:
    """Return the font families to draw with; each stands in for what those before it lack."""
    from matplotlib import font_manager

    installed = set(font_manager.get_font_names())
    return [_OWN, *(family for family in _CHINESE if family in installed)]


def undrawable(text: str) -> set[str]:
    """Return the characters of a text that no font on this system draws."""
    missing = _missing(text)
    if missing and _take_new_fonts():
        missing = _missing(text)
    return missing


def _missing(text: str) -> set[str]:
    from matplotlib import font_manager

    missing = {character for character in text if not character.isspace()}
    for family in families():
        if missing:
            font = font_manager.get_font(font_manager.findfont(family))
            missing = {each for each in missing if not font.get_char_index(ord(each))}
    return missing


def _take_new_fonts() -> bool:
    """Tell matplotlib of fonts that were installed after it listed them, which it does once."""
    from matplotlib import font_manager

    known = {font.fname for font in font_manager.fontManager.ttflist}
    new = [path for path in font_manager.findSystemFonts() if path not in known]
    for path in new:
        with suppress(OSError, RuntimeError, ValueError):  # one that is damaged
            font_manager.fontManager.addfont(path)
    return bool(new)
