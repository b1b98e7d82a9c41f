"""The fonts on this system that text in a PNG is drawn with.

matplotlib brings its own, which has no Chinese, and would draw boxes in place of it.
"""

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
    from matplotlib import font_manager

    missing = {character for character in text if not character.isspace()}
    for family in families():
        if missing:
            font = font_manager.get_font(font_manager.findfont(family))
            missing = {each for each in missing if not font.get_char_index(ord(each))}
    return missing
