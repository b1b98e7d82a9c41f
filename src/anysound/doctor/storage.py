"""Folders that anysound writes to, and the models in them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anysound.doctor.check import Check, DoctorOptions, gigabytes, joined
from anysound.errors import ModelError, reason_of
from anysound.language import Text
from anysound.models.home import cache_folder
from anysound.models.home import home as home_folder
from anysound.models.load import BUNDLED, best_installed
from anysound.models.store import Installed, Store

_ROOM_FOR_A_MODEL = 2_000_000_000
"""Bytes: the download of the fused model, its graphs, and some to spare."""

_ROOM_FOR_UPLOADS = 500_000_000
"""Bytes: ten uploads of the largest size at a time."""


def home(_: DoctorOptions) -> Check:
    """See whether models and caches can be written, by writing, and how much room there is."""
    try:
        folders = tuple(dict.fromkeys((home_folder(), cache_folder())))
    except ModelError as error:
        return Check("home", "warn", Text("There is no folder.", "没有可用的文件夹。"), error.text)
    free = _free(folders[0])
    facts: dict[str, Any] = {
        "home": str(folders[0]),
        "cache": str(folders[-1]),
        "free": free,
        "is_set": bool(os.environ.get("ANYSOUND_HOME")),
    }
    for folder in folders:
        if refusal := _refusal(folder):
            facts["refusal"] = refusal
            return Check("home", "warn", _unwritable(folder, refusal), _CHOOSE_ANOTHER, facts)
    text = _room(" | ".join(map(str, folders)), free)
    if free is not None and free < _ROOM_FOR_A_MODEL:
        return Check("home", "warn", text, _MAKE_ROOM, facts)
    return Check("home", "ok", text, facts=facts)


_CHOOSE_ANOTHER = Text(
    "What is installed works all the same, but no model can be pulled and nothing is cached. Set "
    "ANYSOUND_HOME to a folder that may be written to, or change the permissions; a folder that is "
    "mounted into a container has to belong to the container's user.",
    "已安装的功能仍可使用，但不能下载模型，也没有缓存。请将环境变量 ANYSOUND_HOME "
    "设为可写的文件夹，或修改权限；挂载到容器的文件夹须归容器内的用户所有。",
)
_MAKE_ROOM = Text(
    "A CLAP model needs about 2 GB while it is pulled. Free some, or set ANYSOUND_HOME to a folder "
    "on a larger disk.",
    "下载一个 CLAP 模型需要约 2 GB。请清理磁盘，或将环境变量 ANYSOUND_HOME "
    "设为更大磁盘上的文件夹。",
)


def temporary(_: DoctorOptions) -> Check:
    """See whether there is a folder for temporary files, which uploads go to."""
    try:
        folder = Path(tempfile.gettempdir())
    except OSError as error:
        return Check("temporary", "fail", Text(str(error), str(error)), _SET_TMPDIR)
    free = _free(folder)
    facts: dict[str, Any] = {"folder": str(folder), "free": free}
    if refusal := _refusal(folder):
        facts["refusal"] = refusal
        return Check("temporary", "fail", _unwritable(folder, refusal), _SET_TMPDIR, facts)
    text = _room(str(folder), free)
    if free is not None and free < _ROOM_FOR_UPLOADS:
        return Check("temporary", "warn", text, _SET_TMPDIR, facts)
    return Check("temporary", "ok", text, facts=facts)


_SET_TMPDIR = Text(
    "Uploads and recordings from a pipe go there: free some space, or set TMPDIR to a folder on a "
    "larger disk that may be written to.",
    "上传的文件和管道传入的录音都放在这里：请清理磁盘，或将环境变量 TMPDIR "
    "设为空间足够、可写的文件夹。",
)


def models(_: DoctorOptions) -> Check:
    """See which models are installed, and read each of their files again."""
    try:
        store = Store()
    except ModelError as error:
        return Check(
            "models", "warn", Text("There is no store.", "没有存放模型的位置。"), error.text
        )
    default = os.environ.get("ANYSOUND_MODEL") or best_installed()
    installed = store.installed()
    damage = tuple(_damage(store, installed))
    unfinished = _unfinished(store.downloads)
    facts = {
        "folder": str(store.models),
        "default": default,
        "installed": [f"{model.id}@{model.revision}" for model in installed],
        "damaged": [str(folder) for folder, _ in damage],
        "unfinished_bytes": unfinished,
    }
    names = ", ".join(f"{each.id} ({each.size / 1e6:.0f} MB)" for each in installed)
    text = Text(
        f"{store.models}: {names or 'only the bundled model is there'}. {default} answers by "
        "default",
        f"{store.models}：{names or '只有自带模型'}。默认使用 {default}",
    )
    if damage:
        return Check(
            "models", "fail", joined(told for _, told in damage), _pull_again(damage), facts
        )
    if unfinished:
        text = Text(
            f"{text.en}. A download of {unfinished / 1e6:.0f} MB so far is not finished",
            f"{text.zh}。有未完成的下载（已有 {unfinished / 1e6:.0f} MB）",
        )
        advice = Text(
            "Run `anysound models pull` again: it goes on from there.",
            "请再次运行 `anysound models pull`，会接着下载。",
        )
        return Check("models", "warn", text, advice, facts)
    if default != BUNDLED and not Path(default).exists() and store.find(default) is None:
        text = Text(
            f"ANYSOUND_MODEL is {default}, which is not installed",
            f"ANYSOUND_MODEL 指定的 {default} 没有安装",
        )
        advice = Text(
            f"It is downloaded when it is first used, or now: anysound models pull {default}",
            f"首次使用时会自动下载；也可以现在运行：anysound models pull {default}",
        )
        return Check("models", "warn", text, advice, facts)
    return Check("models", "ok", text, facts=facts)


def _damage(store: Store, installed: tuple[Installed, ...]) -> Iterator[tuple[Path, Text]]:
    """Give each model that isn't as it was installed, and what is wrong with it."""
    for broken in store.broken():
        yield broken.folder, broken.reason
    for model in installed:
        if altered := store.check(model):
            listed = ", ".join(altered)
            yield (
                model.folder,
                Text(
                    f"{model.folder}: altered since it was installed: {listed}.",
                    f"{model.folder}：安装后被改动过：{listed}。",
                ),
            )


def _pull_again(damage: tuple[tuple[Path, Text], ...]) -> Text:
    lines = []
    for folder, _ in damage:
        id = folder.parent.name.replace("--", "/", 1)
        source = "FOLDER" if id.startswith("local/") else id  # where it was pulled from
        lines.append(f"anysound models remove {id} --yes && anysound models pull {source}")
    listed = "\n".join(dict.fromkeys(lines))
    return Text(f"Pull them again:\n{listed}", f"请重新拉取：\n{listed}")


def _unfinished(downloads: Path) -> int:
    """Return how many bytes of models that aren't whole have been downloaded."""
    try:
        return sum(path.stat().st_size for path in downloads.rglob("*") if path.is_file())
    except OSError:
        return 0


def _refusal(folder: Path) -> str | None:
    """Return why a folder can't be written to, or made; None if it can. Nothing is left behind."""
    try:
        with tempfile.TemporaryFile(dir=_existing(folder), prefix=".anysound-"):
            return None
    except OSError as error:
        return reason_of(error)


def _unwritable(folder: Path, refusal: str) -> Text:
    return Text(f"{folder} can't be written to ({refusal})", f"{folder} 无法写入（{refusal}）")


def _room(place: str, free: int | None) -> Text:
    return Text(f"{place} ({gigabytes(free)} free)", f"{place}（可用 {gigabytes(free)}）")


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(_existing(folder)).free
    except OSError:
        return None


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next((each for each in (folder, *folder.parents) if os.path.lexists(each)), folder)
