"""Links between pages."""

import re

import pytest

from tests.docs.blocks import PAGES, ROOT


@pytest.mark.parametrize("page", [*PAGES, "training/README.md", "benchmarks/README.md"])
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (path.parent / link).exists(), link
