"""Labels as every entry point accepts them: a line, a file, or a sequence."""

import json
import re
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
_MAX_EVENTS = 100_000  # of YAML: some hundred for each label that there may be
_JSON = re.compile(r"\s*(\{|\[\s*[\"{\]])")
_YAML = re.compile(r"(?:[ \t]*(?:#[^\n]*|---)?\r?\n)*(?:labels[ \t]*:|- )")
_LABEL_SET = Text(en="The label set", zh="标签集")


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

    A program that takes labels from others, such as a server, calls ``read_label_text``, since this
    function opens files.

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


def read_label_text(text: str) -> LabelSet:
    """Read labels that came as text; no file that it names is opened.

    Args:
        text: A line, as ``parse_labels`` reads it; or what is in a JSON label file; or in a YAML
            one that begins, but for comments, with ``labels:`` or with a list.

    Raises:
        LabelError: The labels can't be understood.
    """
    if len(text) > MAX_FILE_BYTES:
        raise LabelError(_too_large(_LABEL_SET))
    if is_label_line(text):
        return parse_labels(text)
    load = _load_json if _JSON.match(text) else _load_yaml
    drafts = read_entries(load(text, _LABEL_SET), "labels")
    if not drafts:
        raise LabelError(NO_LABELS)
    return assemble(drafts)


def is_label_line(text: str) -> bool:
    """Tell whether ``read_label_text`` reads a text as a line, not as what is in a label file."""
    return not (_JSON.match(text) or _YAML.match(text))


def _read_file(path: Path) -> LabelSet:
    drafts = _drafts(path)
    if not drafts:
        raise Source(name=Text(en=str(path), zh=str(path))).error(NO_LABELS)
    return assemble(drafts)


def _drafts(path: Path) -> list[Draft]:
    text = _decode(_read_bytes(path), path)
    suffix = path.suffix.lower()
    if suffix not in _TABLE_SUFFIXES:
        return _read_lines(text, path)
    load = _load_json if suffix == ".json" else _load_yaml
    content = load(text, _called(path))
    with Source(name=Text(en=path.name, zh=path.name)).pointing():
        return read_entries(content, "labels")


def _read_lines(text: str, path: Path) -> list[Draft]:
    drafts: list[Draft] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.lstrip().startswith("#"):
            name = Text(en=f"{path.name}, line {number}", zh=f"{path.name} 第 {number} 行")
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
        raise LabelError(_too_large(_called(path)))
    return content


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


def _load_json(text: str, called: Text) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed(called, "JSON", error) from None


def _load_yaml(text: str, called: Text) -> Any:
    import yaml  # takes time to import, and few calls read a file

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # as safe, and seven times as fast
    try:
        for count, _ in enumerate(yaml.parse(text, Loader=loader)):
            if count > _MAX_EVENTS:
                raise LabelError(_too_large(called))
        return yaml.load(text, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _malformed(called, "YAML", error) from None


def _called(path: Path) -> Text:
    return Text(en=f"The label file {path}", zh=f"标签文件 {path} ")


def _too_large(called: Text) -> Text:
    size = MAX_FILE_BYTES // 1024
    return Text(
        en=f"{called.en} is larger than {size} KiB, or holds more than labels. Is it the right "
        "one?",
        zh=f"{called.zh}超过了 {size} KiB，或含有过多内容。是不是选错了？",
    )


def _malformed(called: Text, language: str, error: Exception) -> LabelError:
    return LabelError(
        Text(
            en=f"{called.en} is not well-formed {language}: {error}",
            zh=f"{called.zh}不是正确的 {language}：{error}",
        )
    )
