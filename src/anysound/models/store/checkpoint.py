"""Which files of a checkpoint in the hub's layout are needed, and which revision a folder is."""

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from anysound.errors import ModelError, reason_of
from anysound.language import Text
from anysound.models.store.disk import sha256_of, write_whole

_CONFIGS = ("config.json", "preprocessor_config.json")
_TRANSLATOR = ("config.json", "vocab.json", "source.spm")
_INDEX = "model.safetensors.index.json"
_SHARD = re.compile(r"model-\d+-of-(\d+)\.safetensors")
_TOKENIZERS = (("tokenizer.json",), ("vocab.json", "merges.txt"))
_OPTIONAL = ("tokenizer_config.json", "special_tokens_map.json")
_OPTIONAL_OF_TRANSLATOR = ("generation_config.json",)

_DIGITS = 16
"""Of a local folder's revision; enough to tell a user's own models apart."""


def clap_files(names: Collection[str], where: str) -> tuple[str, ...]:
    """Choose the files that a CLAP model is built from: small ones first, the weights last.

    Args:
        names: All files there are.
        where: What they are the files of, for the message.

    Raises:
        ModelError: They are not a model's, or something is missing.
    """
    missing = [name for name in _CONFIGS if name not in names]
    if missing:
        raise _unfit(where, f"there is no {missing[0]}", f"缺少 {missing[0]}")
    tokenizer = next((some for some in _TOKENIZERS if set(some) <= set(names)), None)
    if tokenizer is None:
        raise _unfit(where, "there is no tokenizer.json", "缺少 tokenizer.json")
    weights = _weights(names, where)
    return (*_CONFIGS, *tokenizer, *(name for name in _OPTIONAL if name in names), *weights)


def translator_files(names: Collection[str], where: str) -> tuple[str, ...]:
    """Choose the files that a translator is built from, as :func:`clap_files` does."""
    missing = [name for name in _TRANSLATOR if name not in names]
    if missing:
        raise _unfit(where, f"there is no {missing[0]}", f"缺少 {missing[0]}")
    optional = (name for name in _OPTIONAL_OF_TRANSLATOR if name in names)
    return (*_TRANSLATOR, *optional, *_weights(names, where))


def file_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the files in a local checkpoint.

    Raises:
        ModelError: There is no such folder, or it can't be read.
    """
    with _reading(folder):
        return tuple(path.name for path in folder.iterdir() if path.is_file())


def is_weights(name: str) -> bool:
    """Tell the files that a built model replaces from those that it keeps."""
    return name.endswith((".safetensors", ".bin", _INDEX))


def content_revision(folder: Path, names: Collection[str], cache: Path) -> str:
    """Return the hash that names the content of a local checkpoint.

    Hashing half a gigabyte takes a second, so what came out is noted in the cache and holds as
    long as no file changes its size or its time.

    Args:
        folder: The checkpoint.
        names: Its needed files.
        cache: Where the note is kept; it may be lost.
    """
    note = cache / "folders" / f"{_digest(os.fsencode(folder.resolve()))[:_DIGITS]}.json"
    with _reading(folder):
        stats = [(name, (folder / name).stat()) for name in names]
    stamps = [[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats]
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["files"] == stamps:
            return str(known["revision"])
    with _reading(folder):
        lines = [f"{name} {sha256_of(folder / name)}\n" for name in names]
    revision = _digest("".join(lines).encode())[:_DIGITS]
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        write_whole(note, json.dumps({"files": stamps, "revision": revision}))
    return revision


def _weights(names: Collection[str], where: str) -> tuple[str, ...]:
    if "model.safetensors" in names:
        return ("model.safetensors",)
    shards = sorted(name for name in names if _SHARD.fullmatch(name))
    if shards and _INDEX in names:
        match = _SHARD.fullmatch(shards[0])
        if match and int(match[1]) == len(shards):
            return (_INDEX, *shards)
        raise _unfit(where, "some of its weights are missing", "部分权重文件缺失")
    if "pytorch_model.bin" in names:
        return ("pytorch_model.bin",)
    raise _unfit(
        where,
        "there are no weights (model.safetensors or pytorch_model.bin)",
        "缺少权重文件（model.safetensors 或 pytorch_model.bin）",
    )


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = reason_of(error)
        raise ModelError(
            Text(
                en=f"{error.filename or folder} can't be read ({reason}). Check the path of the "
                "model's folder and its permissions.",
                zh=f"无法读取 {error.filename or folder}（{reason}）。"
                "请检查模型文件夹的路径和权限。",
            )
        ) from error


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _unfit(where: str, en: str, zh: str) -> ModelError:
    return ModelError(
        Text(
            en=f"{where} is no model in the hub's layout that anysound runs: {en}. CLAP models "
            "such as laion/clap-htsat-fused work, and Helsinki-NLP/opus-mt-zh-en as a translator.",
            zh=f"{where} 不是 anysound 支持的模型，或文件布局与模型仓库不一致：{zh}。可以使用 "
            "laion/clap-htsat-fused 等 CLAP 模型；翻译模型可用 Helsinki-NLP/opus-mt-zh-en。",
        )
    )
