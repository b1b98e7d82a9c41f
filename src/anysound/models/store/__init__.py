"""Installed models: pulled from a hub or a folder, found, checked and removed."""

from anysound.models.store.hub import Hub
from anysound.models.store.kinds import Build
from anysound.models.store.manifest import FileFacts, KindName, Manifest
from anysound.models.store.pull import (
    OnProgress,
    PullOptions,
    installed_from_folder,
    is_local,
    pull,
)
from anysound.models.store.store import CHECKPOINT, Broken, Installed, Removed, Store

__all__ = [
    "CHECKPOINT",
    "Broken",
    "Build",
    "FileFacts",
    "Hub",
    "Installed",
    "KindName",
    "Manifest",
    "OnProgress",
    "PullOptions",
    "Removed",
    "Store",
    "installed_from_folder",
    "is_local",
    "pull",
]
