"""Labels in the making, and the set that they make together."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from anysound.errors import LabelError
from anysound.labels.label import Label, Place
from anysound.labels.qualifiers import read_name
from anysound.labels.scan import Char, text_of
from anysound.labels.source import Source
from anysound.language import Text


class LabelSet(tuple[Label, ...]):
    """The labels of one question, in the user's order; names are unique.

    Only ``assemble`` makes one, so whoever is given one need not read it again.
    """

    __slots__ = ()


MAX_LABELS = 1000
MAX_PHRASES = 100
MAX_PLACES = 100
MAX_NAME = 200
MAX_PHRASE = 500

NO_LABELS = Text(
    en="There are no labels: write at least one, such as: dog barking, rain",
    zh="没有标签：请至少写一个，例如：狗叫, 下雨",
)


@dataclass(frozen=True)
class Draft:
    """A label before it is seen beside the others.

    Attributes:
        label: The label; it has no group unless its source named one.
        head: What labels of one group share; None if it is not to be grouped.
        source: Where it was written.
        at: Position in the source's line.
    """

    label: Label
    head: str | None
    source: Source
    at: int | None = None


@dataclass(frozen=True)
class Written:
    """What was written for one label.

    Attributes:
        name: The name's characters, without outer quotes.
        phrases: The phrases; empty if the name is its own phrase.
        avoid: The phrases to avoid.
        weight: The weight.
        at: Position of the label in its line.
    """

    name: Sequence[Char]
    phrases: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    weight: float = 1.0
    at: int | None = None


def draft(written: Written, source: Source) -> Draft:
    """Read a label's name and add what was written beside it.

    Raises:
        LabelError: Something is too long or too much, the name's place in time makes no sense,
            or nothing is left to hear the label by.
    """
    name = text_of(written.name)
    check_length(name, MAX_NAME, written.at)
    for phrase in (*written.phrases, *written.avoid):
        check_length(phrase, MAX_PHRASE, written.at)
    if len(written.phrases) + len(written.avoid) > MAX_PHRASES:
        raise LabelError(
            Text(
                en=f"A label can have {MAX_PHRASES} phrases at most.",
                zh=f"一个标签最多只能有 {MAX_PHRASES} 个短语。",
            ),
            written.at,
        )
    reading = read_name(written.name)
    phrases = written.phrases or ((reading.phrase,) if reading.phrase else ())
    if not phrases:
        raise LabelError(
            Text(
                en="Nothing is left here to hear the label by: name the sound as well.",
                zh="这里没有写出要识别的声音：请同时写上声音的名称。",
            ),
            written.at,
        )
    label = Label(
        name=name,
        phrases=_unique(phrases),
        avoid=_unique((*written.avoid, *reading.avoid)),
        weight=written.weight,
        when=reading.when,
        qualifiers=reading.qualifiers,
    )
    return Draft(label, reading.head, source, written.at)


def check_length(text: str, limit: int, at: int | None) -> None:
    """Refuse a text that is longer than any name or phrase can be."""
    if len(text) > limit:
        raise LabelError(
            Text(
                en=f"This is {len(text)} characters long, and {limit} are the most. "
                "Is a separator missing?",
                zh=f"这里有 {len(text)} 个字符，最多 {limit} 个。是不是漏了分隔符？",
            ),
            at,
        )


def check_weight(weight: float, at: int | None = None) -> float:
    """Return the weight if it can be one."""
    if not (math.isfinite(weight) and weight > 0):
        raise LabelError(
            Text(
                en="A weight must be a finite number above 0, such as 1.5.",
                zh="权重必须是大于 0 的有限数，例如 1.5。",
            ),
            at,
        )
    return weight


def assemble(drafts: Sequence[Draft]) -> LabelSet:
    """Make the label set: merge repeated labels and find groups.

    A label written twice is meant twice as much: it is merged, and the weights are summed.

    Raises:
        LabelError: There are no labels or too many, or too many places in time; or two labels
            differ but share a name.
    """
    if not drafts:
        raise LabelError(NO_LABELS)
    if len(drafts) > MAX_LABELS:
        extra = drafts[MAX_LABELS]
        raise extra.source.error(too_many(), extra.at)
    merged = _merge(drafts)
    _check_places(merged)
    sizes = Counter(each.head for each in merged if each.head)
    return LabelSet(
        replace(each.label, group=each.head) if each.head and sizes[each.head] > 1 else each.label
        for each in merged
    )


def _check_places(drafts: Sequence[Draft]) -> None:
    """Refuse more different places than a recording is to be listened to at."""
    places: set[Place] = set()
    for each in drafts:
        if each.label.when:
            places.add(each.label.when)
        if len(places) > MAX_PLACES:
            raise each.source.error(
                Text(
                    en=f"The labels name more than {MAX_PLACES} different places in time: "
                    "split them into several questions.",
                    zh=f"标签中不同的时间段超过了 {MAX_PLACES} 个：请分成几次来问。",
                ),
                each.at,
            )


def too_many() -> Text:
    """Say that there are too many labels."""
    return Text(
        en=f"There are more than {MAX_LABELS} labels: split them into several questions.",
        zh=f"标签超过了 {MAX_LABELS} 个：请分成几次来问。",
    )


def _merge(drafts: Sequence[Draft]) -> list[Draft]:
    merged: dict[str, Draft] = {}
    for each in drafts:
        first = merged.setdefault(each.label.name, each)
        if first is each:
            continue
        if replace(each, label=replace(each.label, weight=first.label.weight)).label != first.label:
            raise each.source.error(
                Text(
                    en="An earlier label has the same name and means something else: "
                    "give one of them another name.",
                    zh="前面已有同名但含义不同的标签：请给其中一个改名。",
                ),
                each.at,
            )
        with each.source.pointing():
            weight = check_weight(first.label.weight + each.label.weight, each.at)
        merged[each.label.name] = replace(first, label=replace(first.label, weight=weight))
    return list(merged.values())


def _unique(phrases: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))
