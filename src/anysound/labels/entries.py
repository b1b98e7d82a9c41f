"""Labels as data: what a label file holds once it is loaded, or a program hands over."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from anysound.errors import LabelError
from anysound.labels.draft import (
    MAX_LABELS,
    MAX_NAME,
    Draft,
    Written,
    check_length,
    check_weight,
    draft,
    too_many,
)
from anysound.labels.examples import MAX_TEXT, Examples
from anysound.labels.label import Label, Place
from anysound.labels.places import check_place, read_place
from anysound.labels.scan import clean, literal, scan_name
from anysound.labels.source import Source
from anysound.language import Text

T = TypeVar("T")
_COMPLETE = ("name", "phrases", "avoid", "weight", "when", "group", "qualifiers")
_KEYS = (*_COMPLETE, "examples")
_PLACE_KEYS = ("start", "end", "anchor")
_EXAMPLES_KEYS = ("recordings", "model", "revision", "learnt")


def read_entries(content: Any, path: str) -> list[Draft]:
    """Read labels from data.

    Args:
        content: A sequence of names, labels and mappings; phrases by name; or a mapping whose
            only key is ``labels``, with one of these.
        path: What ``content`` is called in messages.

    Raises:
        LabelError: Something has the wrong type, is unknown or makes no sense; the message
            names its path, such as ``labels[2].weight``.
    """
    if isinstance(content, Mapping) and "labels" in content:
        _check_keys(content, ("labels",), "")
        content = content["labels"]
    if isinstance(content, Mapping):
        entries = [(f"{path}.{_short(name)}", _named(name, body)) for name, body in content.items()]
    elif _is_sequence(content):
        entries = [(f"{path}[{index}]", entry) for index, entry in enumerate(content)]
    else:
        raise _wrong_type(path, content, Text(en="a list of labels", zh="标签列表"))
    if len(entries) > MAX_LABELS:
        raise LabelError(too_many())
    return [_read_entry(entry, where) for where, entry in entries]


def _named(name: Any, body: Any) -> Any:
    """Return the entry for a name and what stands under it: nothing, phrases, or more keys."""
    if isinstance(body, Mapping):
        return {**body, "name": name}
    return {"name": name} if body is None else {"name": name, "phrases": body}


def _read_entry(entry: Any, path: str) -> Draft:
    if isinstance(entry, Label):
        entry = entry.to_dict()
    elif isinstance(entry, str):
        entry = {"name": entry}
    elif not isinstance(entry, Mapping):
        raise _wrong_type(path, entry, Text(en="a name or a mapping", zh="名称或映射"))
    _check_keys(entry, _KEYS, path)
    name = _string(entry.get("name"), f"{path}.name")
    source = Source(name=Text(en=path, zh=path))
    written = Written(
        name=literal(name) if _is_complete(entry) else scan_name(name),
        phrases=_get(entry, "phrases", path, _strings, ()),
        avoid=_get(entry, "avoid", path, _strings, ()),
        weight=_get(entry, "weight", path, _weight, 1.0),
    )
    with source.pointing():
        read = draft(written, source)
    return _override(read, entry, path, written)


def _is_complete(entry: Mapping[str, Any]) -> bool:
    """Whether an entry says everything, as ``Label.to_dict`` does: its name is not read."""
    return all(key in entry for key in _COMPLETE)


def _override(read: Draft, entry: Mapping[str, Any], path: str, written: Written) -> Draft:
    """Let what an entry says outright go before what its name says."""
    label = read.label
    if "avoid" in entry:
        label = replace(label, avoid=tuple(dict.fromkeys(written.avoid)))
    if "when" in entry:
        label = replace(label, when=_get(entry, "when", path, _when, None))
    if "qualifiers" in entry:
        label = replace(label, qualifiers=_get(entry, "qualifiers", path, _strings, ()))
    if "examples" in entry:
        label = replace(label, examples=_get(entry, "examples", path, _examples, None))
    if "group" in entry:
        group = _get(entry, "group", path, _string, None)
        return replace(read, label=replace(label, group=group), head=None)
    return replace(read, label=label)


def _get(
    entry: Mapping[str, Any], key: str, path: str, read: Callable[[Any, str], T], default: T
) -> T:
    """Read the value at ``key``; an absent or empty one is ``default``."""
    value = entry.get(key)
    return default if value is None else read(value, f"{path}.{key}")


def _string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong_type(path, value, Text(en="text, in quotes", zh="文本（请加引号）"))
    with Source(name=Text(en=path, zh=path)).pointing():
        text = clean(value)
    if not text:
        raise LabelError(Text(en=f"{path} is empty.", zh=f"{path} 是空的。"))
    return text


def _strings(value: Any, path: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_string(value, path),)
    if not _is_sequence(value):
        raise _wrong_type(path, value, Text(en="text or a list of texts", zh="文本或文本列表"))
    return tuple(_string(each, f"{path}[{index}]") for index, each in enumerate(value))


def _number(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_type(path, value, Text(en="a number", zh="数字"))
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _weight(value: Any, path: str) -> float:
    weight = _number(value, path)
    with Source(name=Text(en=path, zh=path)).pointing():
        return check_weight(weight)


def _when(value: Any, path: str) -> Place:
    if isinstance(value, Place):
        value = value.to_dict()
    if isinstance(value, Mapping):
        return _place(value, path)
    return _written_place(_string(value, path), path)


def _written_place(text: str, path: str) -> Place:
    with Source(name=Text(en=path, zh=path)).pointing():
        check_length(text, MAX_NAME, None)
        place = read_place(text)
        if place is None:
            raise LabelError(
                Text(
                    en="This is no place in time: write it like last 0.5 s, first 3 seconds "
                    "or 0:10-0:15.",
                    zh="看不懂这段时间：请写成 最后 0.5 秒、开头 3 秒 或 0:10-0:15 的样子。",
                )
            )
        return place


def _place(value: Mapping[Any, Any], path: str) -> Place:
    _check_keys(value, _PLACE_KEYS, path)
    start = _get(value, "start", path, _number, 0.0)
    end = _get(value, "end", path, _number, None)
    anchor = value.get("anchor", "start")
    if anchor not in ("start", "end"):
        raise LabelError(
            Text(
                en=f"{path}.anchor is either start or end.",
                zh=f"{path}.anchor 只能是 start 或 end。",
            )
        )
    stop = math.inf if end is None else end
    if not 0 <= start < stop or end == math.inf:
        raise LabelError(
            Text(
                en=f"{path} needs a start of 0 or more seconds, and an end after it.",
                zh=f"{path} 的 start 不能小于 0，end 要大于 start（单位：秒）。",
            )
        )
    with Source(name=Text(en=path, zh=path)).pointing():
        return check_place(Place(start, end, anchor))


def _examples(value: Any, path: str) -> Examples:
    if not isinstance(value, Mapping):
        raise _wrong_type(
            path, value, Text(en="what `anysound teach` writes", zh="`anysound teach` 写出的内容")
        )
    _check_keys(value, _EXAMPLES_KEYS, path)
    texts = [_string(value.get(key), f"{path}.{key}") for key in _EXAMPLES_KEYS[1:]]
    with Source(name=Text(en=path, zh=path)).pointing():
        for text, limit in zip(texts, (MAX_NAME, MAX_NAME, MAX_TEXT), strict=True):
            check_length(text, limit, None)
        examples = Examples(int(_number(value.get("recordings"), path)), *texts)
        _ = examples.direction  # damage shows here, where its place can be named
    return examples


def _short(key: Any) -> str:
    return str(key)[:60]


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)


def _check_keys(mapping: Mapping[Any, Any], allowed: Sequence[str], path: str) -> None:
    unknown = [_short(key) for key in mapping if key not in allowed]
    if unknown:
        where = f"{path}.{unknown[0]}" if path else unknown[0]
        raise LabelError(
            Text(
                en=f"{where} is unknown: the keys here are {', '.join(allowed)}.",
                zh=f"不认识 {where}：这里可以用的键有 {'、'.join(allowed)}。",
            )
        )


def _wrong_type(path: str, value: Any, wanted: Text) -> LabelError:
    found = "nothing" if value is None else type(value).__name__
    return LabelError(
        Text(
            en=f"{path} must be {wanted.en}, and it is {found}.",
            zh=f"{path} 应为{wanted.zh}，现在是 {'空' if value is None else found}。",
        )
    )
