"""The models installed on this machine: each whole or absent.

```
<root>/models/<id with / as -->/<revision>/    manifest.json and the files it names
<root>/models/.building/<id with / as -->/     what a pull is building, under that model's lock
<root>/models/.removed-…/                      what is being deleted
<root>/downloads/, <root>/locks/               unfinished downloads; locks
```

A model is built in ``.building``, forced to the disk, and appears by one rename; it disappears by
one rename, too. So a reader never sees half of one, whenever a process is killed.

Models in the folder that all users share are found as well, and never written to.
"""

import errno
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from anysound.errors import ModelError
from anysound.language import Text
from anysound.models import home
from anysound.models.store.disk import disk_errors, folder_size, force_to_disk, sha256_of
from anysound.models.store.manifest import FileFacts, KindName, Manifest

if TYPE_CHECKING:
    from filelock import FileLock

CHECKPOINT = "checkpoint"
"""Folder in a model's own with the checkpoint that it was built from, if that was kept."""

_PREFIX = 7
"""Digits of a revision that name it, as in git."""

_REMOVED = ".removed-"

_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL}


@dataclass(frozen=True)
class Installed:
    """A model that is installed.

    Attributes:
        folder: Where it lies.
        manifest: Its facts.
    """

    folder: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Its id."""
        return self.manifest.id

    @property
    def revision(self) -> str:
        """Its revision."""
        return self.manifest.revision

    @property
    def kind(self) -> KindName:
        """What it is for."""
        return self.manifest.kind

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.size for file in self.manifest.files.values())

    @property
    def has_checkpoint(self) -> bool:
        """Whether the checkpoint that it was built from was kept."""
        return f"{CHECKPOINT}/config.json" in self.manifest.files


@dataclass(frozen=True)
class Broken:
    """A folder among the models that is none.

    Attributes:
        folder: Where it lies.
        reason: What is wrong with it, and what to do.
    """

    folder: Path
    reason: Text


@dataclass(frozen=True)
class Removed:
    """What was removed.

    Attributes:
        revisions: Of the model.
        size: Bytes that were freed.
    """

    revisions: tuple[str, ...]
    size: int


_Entry: TypeAlias = Installed | Broken


class Store:
    """The models installed under one folder. Looking makes no folder and takes no lock."""

    def __init__(self, root: Path | None = None) -> None:
        """Open the store.

        Args:
            root: Its folder; by default anysound's own, see :mod:`anysound.models.home`.

        Raises:
            ModelError: ``root`` is not given and there is no such folder for this user.
        """
        self.root = root or home.home()
        self.models = home.models_folder(self.root)
        self.downloads = home.downloads_folder(self.root)
        self.cache = home.cache_folder(root)
        self.shared = home.shared_models_folder() if root is None else None

    def installed(self) -> tuple[Installed, ...]:
        """Return all models, by id and then by revision; broken folders are left out."""
        shared = _entries(self.shared) if self.shared else []
        found = {
            (entry.id, entry.revision): entry
            for entry in (*shared, *_entries(self.models))
            if isinstance(entry, Installed)
        }
        return tuple(found[key] for key in sorted(found))

    def broken(self) -> tuple[Broken, ...]:
        """Return the folders among the models that are damaged."""
        return tuple(entry for entry in _entries(self.models) if isinstance(entry, Broken))

    def owns(self, model: Installed) -> bool:
        """Tell a model that may be written to from a shared one."""
        return model.folder.is_relative_to(self.models)

    def find(self, name: str) -> Installed | None:
        """Find a model.

        Args:
            name: An id, or ``id@revision`` with the revision's first digits (7 or more) or the
                branch or tag it was pulled by. Of several, the one installed last is meant.
        """
        places = [self.models, self.shared] if self.shared else [self.models]
        entries = [entry for place in places for entry in _answering(place, name)]
        fitting = [entry for entry in entries if isinstance(entry, Installed)]
        return max(fitting, key=lambda model: model.manifest.installed, default=None)

    def remove(self, name: str) -> Removed:
        """Remove a model: all its revisions, or with ``id@revision`` the one that is found.

        On POSIX a process that has it open goes on undisturbed.

        Raises:
            ModelError: There is no such model, or it can't be removed.
        """
        entries = _revisions(self.models, name)
        if not entries:
            found = self.find(name)
            if found and not self.owns(found):
                raise _shared(name, found.folder)
            entries = [found] if found else _answering(self.models, name)
        if not entries:
            raise ModelError(
                Text(
                    en=f"Model {name!r} is not installed. `anysound models list` shows those "
                    "that are.",
                    zh=f"没有安装名为 {name!r} 的模型。运行 `anysound models list` "
                    "可查看已安装的模型。",
                )
            )
        size = 0
        with disk_errors(self.models):
            for entry in entries:
                size += folder_size(entry.folder)
                self._delete(entry.folder)
        return Removed(tuple(entry.folder.name for entry in entries), size)

    def check(self, model: Installed) -> tuple[str, ...]:
        """Read all files of a model again and return the names of those that were altered."""
        return tuple(
            name
            for name, facts in model.manifest.files.items()
            if _facts_or_none(model.folder / name) != facts
        )

    def add_name(self, model: Installed, name: str) -> Installed:
        """Note one more branch or tag by which an installed model was asked for."""
        if name in (model.revision, *model.manifest.names) or not self.owns(model):
            return model
        named = replace(model.manifest, names=(*model.manifest.names, name))
        named.write(model.folder)
        return Installed(model.folder, named)

    @contextmanager
    def lock(self, id: str, on_wait: Callable[[], None]) -> Iterator[None]:
        """Hold the lock of one model; only its holder builds or downloads it.

        Args:
            id: Of the model.
            on_wait: Called if another thread or process holds the lock.
        """
        from filelock import Timeout

        lock = self._lock(slug(id))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def building_folder(self, id: str) -> Iterator[Path]:
        """Give an empty folder to build a model in, gone after the ``with`` block.

        Its lock must be held, and :meth:`install` takes the folder away if all went well.
        """
        folder = self.models / ".building" / slug(id)
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def install(self, built: Path, manifest: Manifest) -> Installed:
        """Make a model out of a folder that :meth:`building_folder` gave.

        Args:
            built: The folder with all files of the model.
            manifest: Its facts; ``files`` is filled in here.
        """
        manifest = replace(manifest, files=_forced_to_disk(built))
        manifest.write(built)
        force_to_disk(built)
        target = self.models / slug(manifest.id) / manifest.revision
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            self._delete(target)  # broken, or it would have been found
        built.rename(target)
        force_to_disk(target.parent)
        return Installed(target, manifest)

    def add_checkpoint(self, model: Installed, checkpoint: Path) -> Installed:
        """Move the checkpoint of an installed model into its folder; it is whole at any time.

        Args:
            model: Its lock must be held.
            checkpoint: The files, in a folder that :meth:`building_folder` gave.
        """
        added = _forced_to_disk(checkpoint)
        target = model.folder / CHECKPOINT
        if target.exists():
            self._delete(target)  # of a pull that was killed before it was noted
        checkpoint.rename(target)
        files = {f"{CHECKPOINT}/{name}": facts for name, facts in added.items()}
        manifest = replace(model.manifest, files={**model.manifest.files, **files})
        manifest.write(model.folder)
        force_to_disk(model.folder)
        return Installed(model.folder, manifest)

    def clean(self) -> None:
        """Delete what killed processes left behind, unless someone is at work on it."""
        from filelock import Timeout

        for leftover in _folders(self.models / ".building"):
            try:
                with self._lock(leftover.name).acquire(timeout=0):
                    shutil.rmtree(leftover, ignore_errors=True)
            except Timeout:
                continue
        for removed in self.models.glob(f"{_REMOVED}*"):
            shutil.rmtree(removed, ignore_errors=True)

    def _delete(self, folder: Path) -> None:
        """Let a folder disappear at once; then delete it, which takes longer."""
        aside = self.models / f"{_REMOVED}{secrets.token_hex(8)}"
        folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)

    def _lock(self, name: str) -> "FileLock":
        from filelock import FileLock

        folder = home.locks_folder(self.root)
        folder.mkdir(parents=True, exist_ok=True)
        return FileLock(folder / f"{name}.lock")


def slug(id: str) -> str:
    """Return an id in the form of a folder's name."""
    return id.replace("/", "--")


def _entries(models: Path) -> list[_Entry]:
    return [_entry(revision) for id in _folders(models) for revision in _folders(id)]


def _answering(models: Path, name: str) -> list[_Entry]:
    """Return what answers to an id, or to ``id@revision``: several, if a branch has moved."""
    id, _, revision = name.rpartition("@")
    return _revisions(models, name) or [
        entry for entry in _revisions(models, id) if _answers_to(entry, revision)
    ]


def _revisions(models: Path, id: str) -> list[_Entry]:
    """Return all that is installed of one model."""
    name = slug(id)
    if not name or name.startswith(".") or name != Path(name).name:
        return []  # no id, and it might lead out of the folder
    entries = [_entry(folder) for folder in _folders(models / name)]
    return [entry for entry in entries if isinstance(entry, Broken) or entry.id == id]


def _entry(folder: Path) -> _Entry:
    try:
        return Installed(folder, Manifest.read(folder))
    except ModelError as error:
        return Broken(folder, error.text)


def _answers_to(entry: _Entry, revision: str) -> bool:
    whole = entry.folder.name
    if revision == whole or (len(revision) >= _PREFIX and whole.startswith(revision)):
        return True
    return isinstance(entry, Installed) and revision in entry.manifest.names


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, without hidden ones; none if it isn't there."""
    with disk_errors(folder):
        try:
            return sorted(
                path for path in folder.iterdir() if path.is_dir() and path.name[0] != "."
            )
        except ValueError:  # a name that no file can have
            return []
        except OSError as error:
            if error.errno in _ABSENT:
                return []
            raise


def _shared(name: str, folder: Path) -> ModelError:
    return ModelError(
        Text(
            en=f"Model {name!r} lies in {folder}, which is shared and only read. Whoever put it "
            "there can remove it.",
            zh=f"模型 {name!r} 位于共享的只读文件夹 {folder} 中，请由放置它的人删除。",
        )
    )


def _forced_to_disk(folder: Path) -> dict[str, FileFacts]:
    """Wait until a folder with all in it has reached the disk; return the facts of its files."""
    files = {}
    for path in (folder, *sorted(folder.rglob("*"))):
        force_to_disk(path)
        if path.is_file():
            files[path.relative_to(folder).as_posix()] = _facts(path)
    return files


def _facts(path: Path) -> FileFacts:
    return FileFacts(size=path.stat().st_size, sha256=sha256_of(path))


def _facts_or_none(path: Path) -> FileFacts | None:
    try:
        return _facts(path)
    except OSError:
        return None
