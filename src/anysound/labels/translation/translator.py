"""From a Chinese label to an English phrase, by the words that it is made of.

English noun compounds have their head last, as Chinese ones do, so words keep their order:
``齿轮断齿撞击声`` is a "gear broken tooth impact". What English puts behind goes behind: where and
when something is heard.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import rjieba

from anysound.labels.lexicon import Name, Word, labels, words
from anysound.labels.translation import dictionary
from anysound.labels.translation.parts import HAN, split_phrase

_OF_SOUND = re.compile(r"(?:的(?:声音|响声|声响|动静|噪音)|声音|声响|响声|之声)$")
_SOUND = ("声", "音", "响", "声儿")
_MARKS = re.compile(r"[\s,、，;；。.!！?？:：~～—\-/]+")

# What any sound may be said to do: the name of the sound has a better word for it.
_VAGUE = frozenset(("叫", "鸣叫", "鸣", "响", "声音", "发声", "叫唤"))

# Words that join others; "" says nothing that English needs.
_JOINING = {
    **dict.fromkeys(
        "的了着地得是有被把给将会在里内中上旁边时让正又还都就才过来去出起开啦呀啊呢吧嘛完子我你他她它这那",
        "",
    ),
    **dict.fromkeys(
        ("正在", "时候", "里面", "里的", "上面", "那种", "这种", "一种", "有点", "似的"), ""
    ),
    **dict.fromkeys(("和", "与", "跟", "及", "以及", "同时", "并"), "and"),
    **dict.fromkeys(("后", "之后", "以后", "然后", "接着"), "then"),
    **dict.fromkeys(("从", "由"), "from"),
    **dict.fromkeys(("用", "带", "带着", "伴", "伴有", "夹杂", "伴随", "带有"), "with"),
    **dict.fromkeys(("像", "好像", "如同", "般", "一样", "样"), "like"),
    **dict.fromkeys(("向", "往", "到", "至"), "to"),
    **dict.fromkeys(("没有", "没", "无", "不"), "without"),
    **dict.fromkeys(("下", "底下"), "under"),
    **dict.fromkeys(("进", "入", "进去", "进入", "成"), "into"),
    "前": "before",
    "外": "outside",
}
_A_PIECE = re.compile(r"[一几两三]\w")  # a numeral and a measure word: 一杯, 一根
_BEHIND = re.compile(
    r"^(?:in|at|on|with|without|through|outside|indoors|outdoors|upstairs|downstairs|by|from|"
    r"underwater|underground|overhead|getting|fading|nearby|early|late|alone|twice|three)\b"
)


@dataclass(frozen=True)
class Translation:
    """A text in English.

    Attributes:
        text: As it was given.
        phrases: English phrases, the most usual first; none if nothing of the text is known.
        unknown: Words that have no translation, in the text's order.
    """

    text: str
    phrases: tuple[str, ...]
    unknown: tuple[str, ...] = ()


class Translator(Protocol):
    """Puts Chinese phrases into English."""

    def translate(self, text: str) -> Translation:
        """Translate one phrase."""


@dataclass(frozen=True)
class _Piece:
    """What one word gives: its English, what kind of word it is, and whether it is known."""

    zh: str
    en: str
    kind: str


class LexiconTranslator:
    """Translates by the lexicon of sounds, and by a general dictionary where that has no word."""

    def translate(self, text: str) -> Translation:
        """Translate one phrase; brackets hold qualifiers."""
        if not HAN.search(text):
            return Translation(text, (text,))
        parts = split_phrase(text)
        heads = _readings(parts.head)
        qualifiers = [_qualifier(word) for word in parts.qualifiers]
        unknown = [
            piece.zh for some in (*heads, *qualifiers) for piece in some if piece.kind == "unknown"
        ]
        sentences = [_sentence(head, qualifiers) for head in heads]
        phrases = _different(sentences)
        return Translation(text, phrases, _different(unknown) if phrases or unknown else (text,))


def _readings(head: str) -> list[list[_Piece]]:
    """Read a text without brackets: as the name of a sound, and word by word if that says more."""
    literal = _pieces(head)
    name = _name_of(head)
    if name is None:
        return [literal]
    is_known = all(piece.kind != "unknown" for piece in literal)
    is_longer = len(_joined(literal).split()) > len(name.en.split())
    is_vague = any(piece.zh.removesuffix("声") in _VAGUE for piece in literal)
    says_more = is_known and (is_longer or not (name.is_usual or is_vague))
    return [[_Piece(head, name.en, "label")], *([literal] if says_more else [])]


def _different(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))


def _sentence(head: Sequence[_Piece], qualifiers: Sequence[Sequence[_Piece]]) -> str:
    """Put qualifiers before or behind what they qualify."""
    before, behind, beside = [], [], []
    for pieces in qualifiers:
        english = _joined(pieces)
        if not english:
            continue
        if _BEHIND.match(english):
            behind.append(english)
        elif all(piece.kind == "quality" for piece in pieces):
            before.append(english)
        else:
            beside.append(english)
    main = " ".join(filter(None, [" ".join(before), _joined(head), " ".join(behind)]))
    return ", ".join(filter(None, [main, *beside]))


def _qualifier(text: str) -> list[_Piece]:
    """Read a qualifier, which often is one word of the lexicon."""
    for wording in (
        text,
        text.removeprefix("带"),
        text.removesuffix("的"),
        text.removesuffix("声"),
    ):
        word = words().get(wording)
        if word:
            return [_Piece(text, word.en, word.kind)]
    return _pieces(text)


def _pieces(text: str) -> list[_Piece]:
    """Return the pieces of a text without brackets, in Chinese order."""
    text = text.strip()
    body = _OF_SOUND.sub("", text)
    return [piece for word, tag in _cut(body or text) for piece in _translated(word, tag)]


def _name_of(text: str) -> Name | None:
    """Return the English of a phrase that names a whole sound, however it is put."""
    bare = _OF_SOUND.sub("", text)
    bare = bare.removesuffix("声") or bare
    wordings = (text, bare + "声", bare, f"{bare}的声音", f"{bare}声音")
    return next((labels()[wording] for wording in wordings if wording in labels()), None)


def _translated(word: str, tag: str) -> list[_Piece]:
    """Translate one word: by the lexicon, by the dictionary, or in shorter words."""
    if not HAN.search(word):
        kept = _MARKS.sub(" ", word).strip()
        return [_Piece(word, kept, "thing")] if kept else []
    if word in _JOINING:
        return [_Piece(word, _JOINING[word], "joining")]
    found = _known(word) or _in_dictionary(word, tag)
    if found:
        return [found]
    return [] if _A_PIECE.fullmatch(word) else _in_parts(word, tag)


def _in_parts(word: str, tag: str) -> list[_Piece]:
    """Translate a word that nothing knows by shorter ones, none of which is a guess.

    A single character has a sense in the dictionary that it needn't have in a word.
    """
    for split in range(len(word) - 1, 0, -1):
        head, tail = _part(word[:split], tag), _part(word[split:], tag)
        if head and tail:
            return [head, tail]
    return [_Piece(word, "", "unknown")]


def _part(word: str, tag: str) -> _Piece | None:
    if word in _JOINING:
        return _Piece(word, _JOINING[word], "joining")
    return _known(word) or (_in_dictionary(word, tag) if len(word) > 1 else None)


def _known(word: str) -> _Piece | None:
    """Look a word up in the lexicon, as it is and without the 声 at its end."""
    if word in _SOUND:
        return _Piece(word, "sound", "suffix")
    bare = word[:-1] if word.endswith(_SOUND) else word
    for wording in dict.fromkeys((word, bare)):
        entry: Word | None = words().get(wording)
        if entry:
            return _Piece(word, entry.en, entry.kind)
    return None


def _in_dictionary(word: str, tag: str) -> _Piece | None:
    bare = word[:-1] if word.endswith(_SOUND) else word
    is_verb = tag.startswith("v")
    english = dictionary.look_up(bare, is_verb=is_verb) or dictionary.look_up(word, is_verb=is_verb)
    return _Piece(word, english, "action" if is_verb else "thing") if english else None


def _joined(pieces: Iterable[_Piece]) -> str:
    """Put pieces together: what belongs behind goes there, and "sound" only where it is missed."""
    said = [piece for piece in pieces if piece.en]
    front: list[str] = []
    behind: list[str] = []
    for index, piece in enumerate(said):
        previous = said[index - 1].kind if index else ""
        if piece.kind == "suffix" and previous in ("action", "sound", "label"):
            continue
        if piece.kind == "joining" and (index == len(said) - 1 or not front):
            continue
        if piece.kind == "place" and index < len(said) - 1:
            behind.append(f"in the {piece.en}")
        elif piece.kind == "quality" and _BEHIND.match(piece.en):
            behind.append(piece.en)
        elif not front or front[-1] != piece.en:
            front.append(piece.en)
    return " ".join([*front, *behind])


def _cut(text: str) -> list[tuple[str, str]]:
    """Return words and their tags; characters left over side by side are one word."""
    cut: list[tuple[str, str]] = []
    was_left_over = False
    for word, tag in _segmenter().tag(text, False):
        is_left_over = bool(HAN.fullmatch(word)) and word not in _JOINING and not _known(word)
        if is_left_over and was_left_over:
            cut[-1] = (cut[-1][0] + word, tag)
        else:
            cut.append((word, tag))
        was_left_over = is_left_over
    return cut


@cache
def _segmenter() -> rjieba.Jieba:
    """Return a segmenter that keeps the lexicon's words whole."""
    segmenter = rjieba.Jieba()
    for word in words():
        segmenter.add_word(word, None, None)
    return segmenter
