"""Text on a page."""

import pytest

from anysound.drawing import columns, wrapped

LONG = "轴承干摩擦尖啸声(高频持续, 伴随金属刮擦的长名称)"


@pytest.mark.parametrize("name", [LONG, "a b" * 60, "声" * 200, "x" * 200, "one two", "W" * 29])
def test_wrapping_loses_nothing(name: str) -> None:
    lines = wrapped(name).splitlines()
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert all(columns(line) <= 29 for line in lines)
