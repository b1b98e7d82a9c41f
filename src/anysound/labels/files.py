"""Labels as every entry point accepts them: a line, a file, or a sequence."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anysound.encoding import decoded
from anysound.errors import LabelError, reason_of
from anysound.labels.draft import NO_LABELS, Draft, LabelSet, assemble
from anysound.labels.entries import read_entries
from anysound.labels.grammar import parse_drafts, parse_labels
from anysound.labels.label import Label
from anysound.labels.scan import SEPARATORS
from anysound.labels.source import Source
from anysound.language import Text

MAX_FILE_BYTES = 1 << 21  # a thousand labels that were taught by examples
_TABLE_SUFFIXES = (".yaml", ".yml", ".json")
_SUFFIXES = (*_TABLE_SUFFIXES, ".txt")


def read_labels(labels: str | Sequence[str | Label | Mapping[str, Any]]) -> LabelSet:
    """Read labels in any form that a user may give them in.

    Args:
        labels: One of

            - a line, as ``parse_labels`` reads it;
            - a file: ``@`` and its path, or the path alone if it ends in ``.yaml``, ``.yml``,
              ``.json`` or ``.txt`` and has no separator of labels in it;
            - a sequence of names, ``Label`` objects and mappings in the form of a label file;
            - a label set, which is returned as it is.

            A YAML or JSON file holds ``labels: [{name, phrases, avoid, weight, when, group}]``,
            perhaps with ``examples`` as ``anysound teach`` writes them, or a plain list of names,
            or phrases by name. Any other file is text: label lines, between empty lines and those
            that begin with ``#``.

    A program that takes labels from others, such as a server, calls ``read_label_text`` instead,
    since this function opens files.

    Raises:
        LabelError: The file can't be read, or the labels can't be understood.
    """
    if isinstance(labels, LabelSet):
        return labels
    if not isinstance(labels, str):
        return assemble(read_entries(labels, "labels"))
    text = labels.strip()
    if text.startswith("@"):
        return _read_file(Path(text[1:].strip()))
    if text.lower().endswith(_SUFFIXES) and not SEPARATORS & set(text):
        return _read_file(Path(text))
    return parse_labels(labels)


def read_label_text(text: str, name: str = "") -> LabelSet:
    """Read what a label file holds, or typed labels; whatever file the text names stays closed.

    For a program that takes labels from others, such as a server.

    Args:
        text: Of the file, or a line as ``parse_labels`` reads it.
        name: What the file is called: ``.yaml``, ``.yml`` and ``.json`` say its form, anything else
            is label lines. Without a name, JSON and YAML are known by how they begin.

    Raises:
        LabelError: The text can't be understood, or is larger than a label file may be.
    """
    suffix = Path(name).suffix.lower() if name else _form_of(text)
    if not name and not suffix:
        return parse_labels(text)
    shown = name or str(Text(en="(as given)", zh="（提交的内容）"))
    if len(text) > MAX_FILE_BYTES:
        raise _too_large(shown)
    return _read_text(text.removeprefix("\ufeff"), shown, suffix)


def is_label_line(text: str) -> bool:
    """Tell whether ``read_label_text`` reads a text as a line, not as what is in a label file."""
    return not _form_of(text)


def _form_of(text: str) -> str:
    """Return the suffix that a label file of this text has; empty if it is a line of labels."""
    lines = (line.strip("\ufeff \t\r") for line in text[:MAX_FILE_BYTES].split("\n"))
    first = next((line for line in lines if line and line != "---" and line[0] != "#"), "")
    if first.startswith(("{", '["', "[{")) or first == "[":
        return ".json"
    return ".yaml" if first.startswith(("labels:", "- ")) else ""


def _read_file(path: Path) -> LabelSet:
    text = _decode(_read_bytes(path), path)
    return _read_text(text, str(path), path.suffix.lower())


def _read_text(text: str, name: str, suffix: str) -> LabelSet:
    drafts = _drafts(text, name, suffix)
    if not drafts:
        raise Source(name=Text(en=name, zh=name)).error(NO_LABELS)
    return assemble(drafts)


def _drafts(text: str, name: str, suffix: str) -> list[Draft]:
    last = Path(name).name
    if suffix not in _TABLE_SUFFIXES:
        return _read_lines(text, last)
    content = _load_json(text, name) if suffix == ".json" else _load_yaml(text, name)
    with Source(name=Text(en=last, zh=last)).pointing():
        return read_entries(content, "labels")


def _read_lines(text: str, file: str) -> list[Draft]:
    drafts: list[Draft] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.lstrip().startswith("#"):
            name = Text(en=f"{file}, line {number}", zh=f"{file} 第 {number} 行")
            drafts += parse_drafts(line, Source(line, name))
    return drafts


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise LabelError(
            Text(
                en=f"The label file {path} can't be read ({reason_of(error)}): check the path.",
                zh=f"无法读取标签文件 {path}（{reason_of(error)}）：请检查路径。",
            )
        ) from None
    if len(content) > MAX_FILE_BYTES:
        raise _too_large(str(path))
    return content


def _too_large(name: str) -> LabelError:
    size = MAX_FILE_BYTES // 1024
    return LabelError(
        Text(
            en=f"The label file {name} is larger than {size} KiB. Is it the right file?",
            zh=f"标签文件 {name} 超过了 {size} KiB。是不是选错了文件？",
        )
    )


def _decode(content: bytes, path: Path) -> str:
    text = decoded(content)
    if text is None:
        raise LabelError(
            Text(
                en=f"The label file {path} is not text that anysound can decode: save it as UTF-8.",
                zh=f"无法识别标签文件 {path} 的编码：请另存为 UTF-8。",
            )
        )
    return text


def _load_json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed(name, "JSON", error) from None


def _load_yaml(text: str, name: str) -> Any:
    import yaml  # takes time to import, and few calls read a file

    class Loader(yaml.SafeLoader):
        """Knows no numbers of base 60, whose reading takes the square of their length."""

    def integer(loader: Loader, node: yaml.ScalarNode) -> int:
        if ":" in str(node.value):
            problem = "a number with colons in it; put quotes around text"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return int(loader.construct_yaml_int(node))

    Loader.add_constructor("tag:yaml.org,2002:int", integer)
    try:
        return yaml.load(text, Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _malformed(name, "YAML", error) from None


def _malformed(name: str, language: str, error: Exception) -> LabelError:
    return LabelError(
        Text(
            en=f"The label file {name} is not well-formed {language}: {error}",
            zh=f"标签文件 {name} 不是正确的 {language}：{error}",
        )
    )
