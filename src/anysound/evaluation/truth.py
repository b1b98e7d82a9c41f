"""True labels as a table writes them, found among the labels of a label set."""

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence

from anysound.errors import UsageError
from anysound.evaluation.table import normal
from anysound.labels import LabelSet
from anysound.language import Text

NONE_WORDS = frozenset({"", "none", "无"})
"""What a table says of a recording that holds none of the labels."""

_UNKNOWN_SHOWN = 5

Truth = tuple[int | None, ...]
"""For each row, the index of its label in the label set; None if it holds none of them."""


def read_map(entries: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read ``TRUE=NAME`` entries: label names by the true label, as it compares.

    Raises:
        UsageError: One has no ``=`` in it or nothing beside it.
    """
    names: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        true, equals, name = entry.partition("=")
        if not (equals and true.strip() and name.strip()):
            raise UsageError(
                Text(
                    en=f'--map {entry}: write TRUE=NAME, as in --map dog="dog barking".',
                    zh=f"--map {entry}：请写成 真实标签=名称，例如 --map 狗=狗叫声。",
                )
            )
        names[normal(true)] = (*names.get(normal(true), ()), normal(name))
    return names


def find_truth(
    written: Sequence[str],
    labels: LabelSet,
    wording: str,
    mapped: Mapping[str, Sequence[str]],
) -> Truth:
    """Find each true label among the labels' names, case and width aside.

    Args:
        written: The true labels as the user wrote them.
        labels: The label set.
        wording: What the label set is called in messages.
        mapped: What else a true label may be called.

    Raises:
        UsageError: A true label is not there; the message names the nearest.
    """
    exact = {label.name: index for index, label in enumerate(labels)}
    loose: dict[str, int] = {}
    for index, label in enumerate(labels):
        loose.setdefault(normal(label.name), index)
    found: dict[str, int | None] = {}
    unknown: Counter[str] = Counter()
    for true, count in Counter(written).items():
        names = (normal(true), *mapped.get(normal(true), ()))
        at: int | None = next((loose[name] for name in names if name in loose), None)
        found[true] = exact.get(true, at)
        if found[true] is None and NONE_WORDS.isdisjoint(names):
            unknown[true] = count
    if unknown:
        raise _unknown(unknown, labels, wording)
    return tuple(found[true] for true in written)


def _unknown(unknown: Counter[str], labels: LabelSet, wording: str) -> UsageError:
    names = {normal(label.name): label.name for label in labels}
    en, zh = [], []
    for label, rows in unknown.most_common(_UNKNOWN_SHOWN):
        near = [names[each] for each in difflib.get_close_matches(normal(label), names, cutoff=0.4)]
        listed = ", ".join(near)
        en.append(f"{label!r} ({rows} rows{f'; nearest: {listed}' if near else ''})")
        zh.append(f"“{label}”（{rows} 行{f'；最接近的是：{listed}' if near else ''}）")
    more = len(unknown) - len(en)
    if more:
        en.append(f"{more} more")
        zh.append(f"还有 {more} 个")
    return UsageError(
        Text(
            en=f"The table has true labels that {wording} has no label of that name for: "
            f"{', '.join(en)}. Name the labels as the table does (狗=dog barking is named 狗), or "
            "add --map TRUE=NAME; leave the cell empty if it is none of the labels.",
            zh=f"表格中的这些真实标签在 {wording} 里没有同名标签：{'、'.join(zh)}。"
            "请让标签与表格同名（狗=dog barking 的名称是“狗”），或加上 --map 真实标签=名称；"
            "如果录音不属于任何标签，请把该格留空。",
        )
    )
