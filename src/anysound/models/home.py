r"""Where models and caches lie: in ``$ANYSOUND_HOME``, or else where the platform puts such things.

- Linux: ``$XDG_DATA_HOME/anysound`` (``~/.local/share``); caches in ``$XDG_CACHE_HOME/anysound``
  (``~/.cache``)
- macOS: ``~/Library/Application Support/anysound``; caches in ``~/Library/Caches/anysound``
- Windows: ``%LOCALAPPDATA%\anysound``; caches in its folder ``cache``

With ``$ANYSOUND_HOME`` set, caches are its folder ``cache``. ``$ANYSOUND_SHARED_MODELS`` may name a
folder of further models, which is only read. Nothing here makes a folder.
"""

import os
import sys
from pathlib import Path

from anysound.errors import ModelError
from anysound.language import Text


def home() -> Path:
    """Return the folder that all of anysound's data lies in.

    Raises:
        ModelError: Neither ``$ANYSOUND_HOME`` nor the user's own folder is known.
    """
    if chosen := os.environ.get("ANYSOUND_HOME"):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return _from("LOCALAPPDATA", "AppData/Local") / "anysound"
    if sys.platform == "darwin":
        return _of_user("Library/Application Support") / "anysound"
    return _from("XDG_DATA_HOME", ".local/share") / "anysound"


def models_folder(root: Path | None = None) -> Path:
    """Return the folder of installed models, under ``root`` or else :func:`home`."""
    return (root or home()) / "models"


def shared_models_folder() -> Path | None:
    """Return the folder of models that all users share, laid out as :func:`models_folder` is."""
    chosen = os.environ.get("ANYSOUND_SHARED_MODELS")
    return Path(chosen).expanduser().absolute() if chosen else None


def downloads_folder(root: Path | None = None) -> Path:
    """Return the folder of downloads that are not finished."""
    return (root or home()) / "downloads"


def locks_folder(root: Path | None = None) -> Path:
    """Return the folder of the locks that keep two pulls of one model apart."""
    return (root or home()) / "locks"


def cache_folder(root: Path | None = None) -> Path:
    """Return the folder of what may be lost: it is computed again."""
    if root is not None or os.environ.get("ANYSOUND_HOME") or sys.platform == "win32":
        return (root or home()) / "cache"
    if sys.platform == "darwin":
        return _of_user("Library/Caches") / "anysound"
    return _from("XDG_CACHE_HOME", ".cache") / "anysound"


def _from(variable: str, otherwise: str) -> Path:
    """Read a folder from a variable; one that is not absolute counts as unset, as XDG has it."""
    path = Path(os.environ.get(variable, ""))
    return path if path.is_absolute() else _of_user(otherwise)


def _of_user(path: str) -> Path:
    try:
        return Path.home() / path
    except RuntimeError as error:  # a container's user without an entry of its own
        raise ModelError(
            Text(
                en="This user has no home folder to keep models in: set ANYSOUND_HOME to a folder "
                "that may be written to.",
                zh="当前用户没有主目录，无法存放模型："
                "请将环境变量 ANYSOUND_HOME 设为一个可写的文件夹。",
            )
        ) from error
