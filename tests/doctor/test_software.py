"""Packages that are missing, too old or damaged, as they lie in folders of the tests."""

import sys
import tomllib
from pathlib import Path

import pytest

import anysound
from anysound.doctor import DoctorOptions
from anysound.doctor.optional import EXTRAS
from anysound.doctor.software import extras, packages, python
from tests.cli.running import ROOT

OPTIONS = DoctorOptions()


def install(folder: Path, name: str, version: str, *requirements: str) -> None:
    """Put what pip leaves of a package into a folder."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    lines = [f"Requires-Dist: {each}" for each in requirements]
    metadata = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *lines, ""]
    (info / "METADATA").write_text("\n".join(metadata))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose packages are found before all others."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_this_python_will_do() -> None:
    found = python(OPTIONS)
    assert found.verdict == "ok"
    assert found.facts["executable"] == sys.executable
    assert found.facts["version"] in found.found.en


def test_an_old_python_will_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    found = python(OPTIONS)
    assert found.verdict == "fail"
    assert found.advice
    assert "3.11" in found.advice.zh


def test_all_packages_are_here_and_each_is_named(site: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    install(site, "anysound", anysound.__version__, *project["dependencies"])
    found = packages(OPTIONS)
    assert found.verdict == "ok", found
    assert len(found.facts["versions"]) == len(project["dependencies"])
    assert found.facts["versions"]["numpy"] in found.found.en


def test_a_package_that_is_missing_too_old_or_damaged_is_named(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = ("no-such-package>=2", "rich>=14", "soxr>=1.0", "numpy>=2.0")
    install(site, "anysound", anysound.__version__, *wanted)
    install(site, "rich", "13.9.4")
    monkeypatch.setitem(sys.modules, "soxr", None)
    found = packages(OPTIONS)
    assert found.verdict == "fail"
    assert "no-such-package>=2 is missing" in found.found.en
    assert "rich is version 13.9.4, and rich>=14 is needed" in found.found.en
    assert "can't be imported" in found.found.en
    assert "缺少 no-such-package>=2" in found.found.zh
    assert "numpy" not in found.found.en
    assert found.advice
    assert f"{sys.executable} -m pip install" in found.advice.en
    for each in wanted[:3]:
        assert f'"{each}"' in found.advice.en


def test_another_copy_of_the_code_is_noticed(site: Path) -> None:
    install(site, "anysound", "0.0.1", "numpy>=2.0")
    found = packages(OPTIONS)
    assert found.verdict == "warn"
    assert "0.0.1" in found.found.zh
    assert found.advice
    assert "PYTHONPATH" in found.advice.en


def test_code_that_was_never_installed_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [f"{ROOT}/src"])
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    sys.meta_path[:] = [each for each in sys.meta_path if "editable" not in repr(each)]
    found = packages(OPTIONS)
    assert found.verdict == "warn"
    assert "pip install ." in (found.advice.zh if found.advice else "")
    assert extras(OPTIONS).verdict == "skipped"


def test_every_extra_is_known() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(EXTRAS) == set(project["optional-dependencies"]) - {"parity", "docs", "dev"}


def test_what_every_part_needs_is_found_under_its_own_name() -> None:
    """The tests' environment has all parts but the two that are large."""
    found = extras(OPTIONS)
    assert found.verdict == "ok", found
    assert set(EXTRAS) - {"gpu", "torch"} <= set(found.facts["installed"])


def test_a_part_that_is_absent_comes_with_its_command_and_its_use(site: Path) -> None:
    optional = ("no-such-lance>=1; extra == 'index'", "numpy>=2; extra == 'live'")
    more = ("no-such-sklearn; extra == 'map'", "anysound[index]; extra == 'map'")
    install(site, "anysound", anysound.__version__, *optional, *more)
    found = extras(OPTIONS)
    assert found.verdict == "ok"  # nobody has to have them
    assert "live" in found.facts["installed"]
    assert {"index", "map"} <= set(found.facts["absent"])
    assert found.advice
    assert 'pip install "anysound[index]"  stored embeddings' in found.advice.en.replace("   ", "")
    assert "录音索引" in found.advice.zh


def test_a_part_that_is_installed_but_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    found = extras(OPTIONS)
    assert found.verdict == "warn"
    assert "sounddevice" in found.found.zh
    assert "live" in found.facts["absent"]
    assert found.advice
    assert "sounddevice>=" in found.advice.en
