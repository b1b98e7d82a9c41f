"""Debian packages that hold recordings: fetched and unpacked, not installed.

    python -m training.packages

Each package that ``sources.yaml`` names is downloaded with apt and unpacked into
``training/work/packages``, so that no game has to be installed for its sounds. Its licence lies
beside it in ``usr/share/doc/PACKAGE/copyright``.
"""

import subprocess
import tempfile
import zipfile
from pathlib import Path

import yaml

HERE = Path(__file__).parent
UNPACKED = HERE / "work" / "packages"

SOUND_FONTS = ("fluid-soundfont-gm", "fluid-soundfont-gs")
"""The instruments and the sound effects that ``instruments.py`` plays."""


def packages() -> dict[str, str | None]:
    """Return the packages that hold sounds, each with the archive in it that does, if any."""
    table = yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))
    named = {e["package"]: e.get("archive") for e in table.values() if "package" in e}
    return dict.fromkeys(SOUND_FONTS) | named


def fetch(package: str, archive: str | None = None, folder: Path = UNPACKED) -> None:
    """Download a package and unpack it into ``folder``, unless it is there already.

    Args:
        package: A Debian package.
        archive: A zip file in it, of which the sounds are unpacked into a folder that is named as
            the package, and which is then deleted.
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
        with zipfile.ZipFile(folder / archive) as packed:
            sounds = [name for name in packed.namelist() if name.endswith(".ogg")]
            packed.extractall(folder / package, sounds)
        (folder / archive).unlink()
    print(f"{package}: unpacked", flush=True)


def main() -> None:
    """Fetch what is missing."""
    for package, archive in packages().items():
        fetch(package, archive)


if __name__ == "__main__":
    main()
