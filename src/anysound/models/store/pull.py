"""From a name to an installed model: fetched, checked, built; whole or absent."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, TypeGuard

from anysound.errors import AnysoundError
from anysound.language import Text
from anysound.models.store import problems
from anysound.models.store.checkpoint import content_revision, file_names, is_weights
from anysound.models.store.disk import disk_errors, full
from anysound.models.store.hub import Hub, Listing, cached_file, is_offline
from anysound.models.store.kinds import Build, Kind, kind_of
from anysound.models.store.manifest import KindName, Manifest
from anysound.models.store.store import CHECKPOINT, Installed, Store, slug

OnProgress: TypeAlias = Callable[[Text, int, int], None]
"""Told what is being done, and how many bytes of how many are there; 0 of 0 if none are counted."""

_ID = re.compile(r"\b[\w.-]+\b/\b[\w.-]{1,96}\b", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_BUILT = 1.5  # size of what is built over that of the weights: fp32 and int8 graphs, and some room


def _say_nothing(text: Text, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class PullOptions:
    """How a model is pulled.

    Attributes:
        kind: What it must be; None is anything that can be installed.
        build: Builds it; None is anysound's own builder.
        on_progress: Told what is going on.
        hub: Where models are fetched from.
        keep_checkpoint: Whether what the model is built from stays in its folder, for the torch
            engine. A model that was installed without it gets it.
    """

    kind: KindName | None = None
    build: Build | None = None
    on_progress: OnProgress = _say_nothing
    hub: Hub = field(default_factory=Hub)
    keep_checkpoint: bool = False

    def are_met_by(self, installed: Installed | None) -> TypeGuard[Installed]:
        """Tell whether a model is all that was asked for."""
        return installed is not None and (installed.has_checkpoint or not self.keep_checkpoint)

    def demand(self, kind: KindName, name: str) -> None:
        """See that a model of this name is what is asked for.

        Raises:
            ModelError: It is of another kind.
        """
        if self.kind not in (None, kind):
            raise problems.other_kind(name, kind)

    def say(self, en: str, zh: str) -> None:
        """Tell what begins now."""
        self.on_progress(Text(en=en, zh=zh), 0, 0)


def pull(name: str, store: Store | None = None, options: PullOptions | None = None) -> Installed:
    """Install a model, unless it is installed already.

    Args:
        name: ``owner/model`` or ``owner/model@revision`` on the hub, or the path of a folder in
            the hub's layout.
        store: Where it is installed; by default the user's own store.
        options: How.

    Raises:
        ModelError: It is not to be had, is no model that anysound runs, or of another kind than
            was asked for, or can't be written. Nothing half-written is left among the models,
            and those installed before are untouched; a download that broke off goes on with the
            next pull.
        MissingExtraError: A model of this kind needs a library that is not installed.
    """
    if is_local(name):
        return installed_from_folder(_path(name), store, options)
    store, options = store or Store(), options or PullOptions()
    id, at, revision = name.partition("@")
    if not _is_id(id) or bool(at) != bool(revision):
        raise problems.bad_name(name)
    if _COMMIT.fullmatch(revision) or is_offline():
        installed = store.find(name)
        if options.are_met_by(installed):
            options.demand(installed.kind, name)
            return installed
    listing = options.hub.listing(id, revision or None)
    kind = kind_of(listing.files)
    options.demand(kind.name, name)
    names = kind.files(listing.files, f"{id}@{listing.commit[:7]}")
    branch = revision or "main"
    with _locked(id, store, options):
        installed = store.find(f"{id}@{listing.commit}")
        if installed:
            installed = store.add_name(installed, branch)
        if options.are_met_by(installed):
            return installed
        installed = _own(installed, store)
        staging = store.downloads / slug(id) / listing.commit
        wanted = _Wanted(listing, kind, names, _room(installed, options))
        _download(wanted, staging, options)
        origin = _Origin(id, listing.commit, (branch,), options.hub.address, listing.license, kind)
        try:
            installed = _install(origin, staging, installed, store, options)
        except AnysoundError:
            _remove_all(staging)  # nothing will ever be built from it
            raise
        _remove_all(staging)
        return installed


def installed_from_folder(
    folder: Path, store: Store | None = None, options: PullOptions | None = None
) -> Installed:
    """Find the model that was built from a local checkpoint, or build it.

    A folder whose files are the same as before is known by their sizes and times, so that this
    may be called whenever the model is loaded.

    Args:
        folder: A checkpoint in the hub's layout.
        store: Where it is installed; by default the user's own store.
        options: How.

    Raises:
        ModelError: The folder holds no model that anysound runs, or one of another kind than was
            asked for, or the model can't be written.
        MissingExtraError: A model of this kind needs a library that is not installed.
    """
    store, options = store or Store(), options or PullOptions()
    folder = Path(os.path.realpath(folder))  # unlike resolve(), at ease with links in a circle
    found = file_names(folder)
    kind = kind_of(found)
    options.demand(kind.name, str(folder))
    names = kind.files(found, str(folder))
    revision = content_revision(folder, names, store.cache)
    id = f"local/{folder.name}"
    installed = store.find(f"{id}@{revision}")
    if options.are_met_by(installed):
        return installed
    kind.check(folder)
    with _locked(id, store, options):
        installed = store.find(f"{id}@{revision}")
        if options.are_met_by(installed):
            return installed
        installed = _own(installed, store)
        size = sum((folder / name).stat().st_size for name in names)
        _check_space(store.root, _room(installed, options) * size)
        origin = _Origin(id, revision, (), str(folder), None, kind)
        return _install(origin, folder, installed, store, options)


def is_local(name: str) -> bool:
    """Tell a folder, there or not, from the id of a model on the hub."""
    path = _path(name)
    if "\0" in name:  # neither
        return False
    if path.is_absolute() or name.startswith(".") or "\\" in name:
        return True
    with suppress(OSError):  # longer than a path can be
        return (path / "config.json").is_file() if _is_id(name) else bool(name) and path.is_dir()
    return False


@dataclass(frozen=True)
class _Origin:
    """What the manifest says of where a model came from; see :class:`Manifest`."""

    id: str
    revision: str
    names: tuple[str, ...]
    source: str
    license: str | None
    kind: Kind


@dataclass(frozen=True)
class _Wanted:
    """What is to be downloaded.

    Attributes:
        listing: The revision on the hub.
        kind: Of the model.
        names: Of the files.
        room: What will be built of them, over their size.
    """

    listing: Listing
    kind: Kind
    names: tuple[str, ...]
    room: float


def _is_id(text: str) -> bool:
    """Tell whether huggingface_hub takes a text for the id of a model."""
    is_odd = "--" in text or ".." in text or text.endswith(".git")
    return bool(_ID.fullmatch(text)) and not is_odd


def _path(name: str) -> Path:
    with suppress(RuntimeError):  # ~ of a user who isn't there
        return Path(name).expanduser()
    return Path(name)


@contextmanager
def _locked(id: str, store: Store, options: PullOptions) -> Iterator[None]:
    """Be the only one who downloads or builds this model, in a tidy store."""

    def wait() -> None:
        options.say(
            f"another pull of {id} is running; waiting for it", f"{id} 正在被另一次拉取占用，等待中"
        )

    with disk_errors(store.root), store.lock(id, wait):
        store.clean()
        yield


def _download(wanted: _Wanted, staging: Path, options: PullOptions) -> None:
    """Bring all needed files to one folder; the weights only if the rest is as it should be."""
    listing, names = wanted.listing, wanted.names
    staging.mkdir(parents=True, exist_ok=True)
    for other in staging.parent.iterdir():
        if other != staging:
            shutil.rmtree(other, ignore_errors=True)  # of a revision that is no longer asked for
    missing = [name for name in names if not _at_hand(listing, name, staging / name)]
    _fetch(listing, [name for name in missing if not is_weights(name)], staging, options)
    try:
        wanted.kind.check(staging)
    except AnysoundError:
        _remove_all(staging)
        raise
    weights = [name for name in missing if is_weights(name)]
    to_fetch = sum(listing.files[name].size for name in weights)
    there = sum(path.stat().st_size for path in staging.glob("*.part"))
    size = sum(listing.files[name].size for name in names)
    _check_space(staging, max(0, to_fetch - there) + wanted.room * size)
    _fetch(listing, weights, staging, options)


def _at_hand(listing: Listing, name: str, target: Path) -> bool:
    """Tell whether a file was fetched before, or lies in the user's own cache of the hub."""
    if listing.files[name].is_at(target):
        return True
    cached = cached_file(listing, name)
    if cached is None:
        return False
    target.unlink(missing_ok=True)
    try:
        target.symlink_to(cached)
    except OSError:  # Windows lets not everyone
        shutil.copyfile(cached, target)
    return True


def _fetch(listing: Listing, names: Sequence[str], staging: Path, options: PullOptions) -> None:
    total = sum(listing.files[name].size for name in names)
    before = 0
    for name in names:
        text = Text(en=f"downloading {name}", zh=f"正在下载 {name}")

        def tell(done: int, text: Text = text, before: int = before) -> None:
            options.on_progress(text, before + done, total)

        options.hub.fetch(listing, name, staging / name, tell)
        before += listing.files[name].size


def _own(installed: Installed | None, store: Store) -> Installed | None:
    """Return what may be completed; of a shared model that lacks something, another is built."""
    return installed if installed and store.owns(installed) else None


def _room(installed: Installed | None, options: PullOptions) -> float:
    """Return the size of what will be written over that of the checkpoint."""
    return (0.0 if installed else _BUILT) + options.keep_checkpoint


def _check_space(folder: Path, needed: float) -> None:
    """Refuse to begin what the disk has no room for; ``needed`` is in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < needed:
        raise full(folder, f"{needed / 1e6:.0f} MB")


def _install(
    origin: _Origin,
    checkpoint: Path,
    installed: Installed | None,
    store: Store,
    options: PullOptions,
) -> Installed:
    """Build a model, or complete one that was installed without its checkpoint."""
    from anysound import __version__

    with store.building_folder(origin.id) as folder:
        if installed:
            _copy_checkpoint(checkpoint, folder / CHECKPOINT, origin.kind, options)
            return store.add_checkpoint(installed, folder / CHECKPOINT)
        build = options.build or origin.kind.build
        facts = build(checkpoint, folder, lambda text: options.on_progress(text, 0, 0))
        if options.keep_checkpoint:
            _copy_checkpoint(checkpoint, folder / CHECKPOINT, origin.kind, options)
        manifest = Manifest(
            id=origin.id,
            revision=origin.revision,
            names=origin.names,
            source=origin.source,
            license=origin.license,
            installed=datetime.now(UTC).isoformat(timespec="microseconds"),
            anysound=__version__,
            facts=facts,
            files={},
            kind=origin.kind.name,
        )
        return store.install(folder, manifest)


def _copy_checkpoint(checkpoint: Path, target: Path, kind: Kind, options: PullOptions) -> None:
    options.say("keeping the checkpoint", "正在保留原始权重")
    target.mkdir()
    for name in kind.files(file_names(checkpoint), str(checkpoint)):
        shutil.copyfile(checkpoint / name, target / name)


def _remove_all(staging: Path) -> None:
    shutil.rmtree(staging.parent, ignore_errors=True)
