"""Results are written on this machine's disks only."""

from pathlib import Path

import pytest

from anysound.errors import UsageError
from anysound.writing import WholeFile, check_local


@pytest.mark.parametrize("url", ["s3://bucket/out.csv", "https://host/a", "memory://a.csv"])
def test_a_url_is_refused_as_it_was_given(url: str) -> None:
    with pytest.raises(UsageError, match=f"^{url}: results are written on this machine"):
        check_local(Path(url))
    with pytest.raises(UsageError, match=f"^{url}"):
        WholeFile(Path(url))


@pytest.mark.parametrize("path", ["C:/out.csv", "out.csv", "/a/s3:/b", "a: b/c", "结果:1.csv"])
def test_a_path_is_not(path: str) -> None:
    check_local(Path(path))
