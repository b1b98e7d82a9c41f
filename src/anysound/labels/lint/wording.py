"""What the words of labels give away, without a model."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anysound.errors import LabelError
from anysound.labels.draft import LabelSet
from anysound.labels.label import Label
from anysound.labels.lint.finding import Finding
from anysound.labels.qualifiers import begins_with_negation, read_name
from anysound.labels.scan import IN_BRACKETS, scan_name
from anysound.labels.translation import Translator
from anysound.language import Text, language_of

FEWEST, MOST = 3, 7

_ABBREVIATION = re.compile(r"(?<![A-Za-z])[A-Z]{2,6}(?![a-z])")
_NOT_ABBREVIATED = frozenset({"DJ", "OK", "MC", "LED", "USB", "VS", "II", "III", "IV"})


def check_wording(labels: LabelSet) -> Iterator[Finding]:
    """Find what needs no model to be seen."""
    yield from _count(labels)
    everything = " ".join(label.name for label in labels)
    for label in labels:
        if not _is_own_phrase(label):
            continue  # what it sounds like stands behind "="
        for check in (_negation, _abbreviation, _broad):
            finding = check(label)
            if finding:
                yield finding
                break
        else:
            yield from _abstract(label, everything)


def check_translation(labels: LabelSet, translator: Translator) -> Iterator[Finding]:
    """Find words that have no English, for models that read no Chinese."""
    for label in labels:
        unknown = [
            word
            for phrase in (*label.phrases, *label.avoid)
            for word in translator.translate(phrase).unknown
        ]
        if unknown:
            listed = "、".join(dict.fromkeys(unknown))
            yield Finding(
                "untranslatable",
                (label.name,),
                Text(en=f"No English is known for: {listed}", zh=f"没有对应的英文：{listed}"),
                Text(
                    en="The model reads English only. Write the English after '='.",
                    zh="所用模型只懂英文。请在“=”后写上英文说法。",
                ),
            )


def is_abstract(name: str) -> bool:
    """Tell whether a name is made of states and judgements, with no sound in it."""
    found, rest = _taken_out(IN_BRACKETS.sub(" ", name).lower(), _words()["abstract"])
    _, rest = _taken_out(rest, _words()["filler"])
    return bool(found) and not re.search(r"\w", rest)


def _taken_out(text: str, words: Sequence[str]) -> tuple[list[str], str]:
    """Return which words stand in a text, and the text without them."""
    found = []
    for word in sorted(words, key=len, reverse=True):  # 不合格 before 合格
        text, count = re.subn(_pattern(word), " ", text)
        found += [word] * (count > 0)
    return found, text


def _count(labels: Sequence[Label]) -> Iterator[Finding]:
    count = len(labels)
    if count < FEWEST:
        yield Finding(
            "few",
            (),
            Text(en=f"There are only {count} labels", zh=f"只有 {count} 个标签"),
            Text(
                en="Labels are compared with each other: with three to seven, one that is wrong "
                "has something better beside it. Add what else it could be.",
                zh="标签之间是相互比较的：三到七个时，错误的标签旁边才有更合适的选择。"
                "请补上其他可能的声音。",
            ),
        )
    elif count > MOST:
        yield Finding(
            "many",
            (),
            Text(en=f"There are {count} labels", zh=f"共有 {count} 个标签"),
            Text(
                en="The probability is shared among them all, and the more there are, the likelier "
                "two of them sound alike. Ask in two steps if you can.",
                zh="概率由所有标签分摊；标签越多，越容易出现听起来相近的两个。"
                "可以的话，请分两步来问。",
            ),
        )


def _negation(label: Label) -> Finding | None:
    if not begins_with_negation(label.name):
        return None
    return Finding(
        "negation",
        (label.name,),
        Text(en="A label can't be the absence of a sound", zh="标签不能是“没有某种声音”"),
        Text(
            en="Models don't understand 'not'. Name what is heard instead, and exclude with '!': "
            "printer=printer running|!laser",
            zh="模型听不懂“非、无、没有”。请写出能听到的声音，并用“!”排除：打印机=打印机工作声|!激光",
        ),
    )


def _abbreviation(label: Label) -> Finding | None:
    known = _words()["abbreviations"]
    for short in _ABBREVIATION.findall(label.name):
        if short in _NOT_ABBREVIATED:
            continue
        rewrite = known[short][language_of(label.name)] if short in known else None
        return Finding(
            "abbreviation",
            (label.name,),
            Text(en=f"{short} is an abbreviation", zh=f"{short} 是缩写"),
            Text(
                en="Models learnt from descriptions of sounds, in which it hardly stands. "
                "Write what is heard.",
                zh="模型学的是对声音的描述，其中很少出现缩写。请写出听到的声音。",
            ),
            rewrite,
        )
    return None


def _broad(label: Label) -> Finding | None:
    name = " ".join(label.name.lower().split())
    for entry in _words()["broad"]:
        if name in entry["words"]:
            return Finding(
                "broad",
                (label.name,),
                Text(en="This can be many different sounds", zh="这可以指很多种不同的声音"),
                Text(
                    en="Say who or what makes it, and how it sounds.",
                    zh="请写明是谁或什么发出的、听起来怎样。",
                ),
                ", ".join(entry[language_of(label.name)]),
            )
    return None


def _abstract(label: Label, everything: str) -> Iterator[Finding]:
    if not is_abstract(label.name):
        return
    fitting = next(
        entry
        for entry in _words()["concrete"]
        if not entry["when"] or any(word in everything.lower() for word in entry["when"])
    )
    states, _ = _taken_out(label.name.lower(), _words()["abstract"])
    is_well = set(states) <= set(_words()["well"])
    yield Finding(
        "abstract",
        (label.name,),
        Text(en="This is a state, not a sound", zh="这是状态，不是声音"),
        Text(
            en="A model hears squeals, knocks and hums; what they mean is for you to decide. "
            "Write what is heard.",
            zh="模型听得出尖啸、撞击和嗡鸣，却不知道它们意味着什么。请写出听到的声音。",
        ),
        fitting["well" if is_well else "ill"][language_of(label.name)],
    )


def _is_own_phrase(label: Label) -> bool:
    try:
        return label.phrases == (read_name(scan_name(label.name)).phrase,)
    except LabelError:
        return False


def _pattern(word: str) -> str:
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)


@cache
def _words() -> Any:
    return yaml.safe_load((files(__package__) / "words.yaml").read_text("utf-8"))
