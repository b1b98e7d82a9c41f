"""Places in time, as they are written in labels: ``last 0.5 s``, ``开头 3 秒``, ``0:10-0:15``.

``at the end``, ``在开头`` and the like name no extent: they are the last or the first
``DEFAULT_EXTENT`` seconds, and count only where they are surely meant so: as a word in brackets,
or behind what they place, with their preposition (``ding at the end``, ``叮声在结尾处``).
"""

import re
from collections.abc import Sequence

from anysound.errors import LabelError
from anysound.labels.label import Place
from anysound.labels.scan import Char, is_wide, scan_name, text_of, trim
from anysound.language import Text

DEFAULT_EXTENT = 1.0
"""Seconds that ``at the end`` and the like stand for."""
MAX_FROM_END = 600.0
"""Seconds from a recording's end that a place can reach back: they are held in memory."""

_ENGLISH_NUMBERS = {
    word: value
    for value, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {"fifteen": 15, "twenty": 20, "thirty": 30}
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_CHINESE_TENS = {"十": 10, "百": 100}

_CHINESE_NUMBER = r"[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?"
_NUMBER = rf"(?:\d+(?:\.\d+)?|\.\d+|半|{_CHINESE_NUMBER})"
_ENGLISH_NUMBER = (
    rf"(?:{_NUMBER}|half(?:[ -]an?)?|{'|'.join(sorted(_ENGLISH_NUMBERS, key=len, reverse=True))})"
)
_MINUTE = r"(?:minutes?|mins?|分钟)"
_MILLISECOND = r"(?:milliseconds?|ms|毫秒)"
_UNIT = rf"(?P<unit>{_MINUTE}|{_MILLISECOND}|seconds?|secs?|s|秒钟?+)(?![a-z])"

# "爆炸前 10 秒" are the ten seconds before an explosion, "录音前 10 秒" the recording's first ten.
_OF_RECORDING = r"(?:^\s*|(?<=录音)|(?<=音频)|(?<=视频)|(?<=片段)|(?<=的))"
_CHINESE = (
    r"在?(?:"
    rf"(?P<end>最后|末尾|结尾|{_OF_RECORDING}(?:后|末))"
    rf"|最?开头|最初|起始|最前面?|{_OF_RECORDING}(?:前面?|头|开始)"
    rf")的?\s*(?:(?P<minutes>{_NUMBER})\s*分\s*)?(?P<number>{_NUMBER})\s*{_UNIT}"
    r"(?!\s*[之以]?[前后])(?:(?:之?内|里|中)(?=的|\W|$))?(?:的(?!士))?"
)
# "in the last second" is a place; "last minute announcements" are none.
_ALONE = r"(?=(?:second|minute)(?:\s+of\b|\s*$|\s*[^\w\s]))"
_ENGLISH = (
    r"(?:\b(?:in|at|during|for|from|over|within|of)\s+)?(?:\bthe\s+)?"
    r"\b(?:(?P<end>last|final|closing)|first|opening|initial)\s+"
    rf"(?:(?P<number>{_ENGLISH_NUMBER})[\s-]*|{_ALONE}){_UNIT}"
    r"(?:\s+(?:of|in)\b(?:\s+the\b)?(?:\s+(?:recording|clip|audio|file)\b)?|的)?"
)
_CLOCK = r"\d{1,3}:\d{2}(?::\d{2})?(?:\.\d+)?"
_RANGE = (
    r"(?:\b(?:from|between|at|in)\s+|[从在]\s*)?"
    rf"(?<![\d:.])(?P<start>{_CLOCK})\s*(?:[-–—~]+|至|到|to\b)\s*"
    rf"(?P<stop>{_CLOCK}|the\s+end\b|end\b|结尾|结束)(?![\d:])的?"
)
_PATTERNS = tuple(re.compile(p, re.IGNORECASE) for p in (_RANGE, _CHINESE, _ENGLISH))

_EDGE_ENGLISH = (
    r"(?:(?:right\s+)?at\s+the\s+(?:very\s+)?(?:(?P<end>end)|start|beginning)"
    r"|in\s+the\s+beginning)"
    r"(?:\s+of\s+(?:the\s+)?(?:recording|clip|audio|file))?"
)
_EDGE_CHINESE = r"(?:(?P<last>{last})|{first})(?:处|部分|的?时候|时)?"
_EDGES = (r"(?:最?末尾|最?结尾|尾部)", r"(?:最?开头|起始处|最?开始处)")
_ALONE_EDGES = (r"(?:最后|最?末尾|最?结尾|尾部)", r"(?:最?开头|最开始|一开始|最前面|起始处?)")
_EDGE_ALONE = re.compile(
    rf"(?:{_EDGE_ENGLISH}"
    rf"|(?:出现)?在?{_EDGE_CHINESE.format(last=_ALONE_EDGES[0], first=_ALONE_EDGES[1])})",
    re.IGNORECASE,
)
_EDGE_BEHIND = re.compile(
    rf"(?:(?<=\s){_EDGE_ENGLISH}"
    rf"|(?:出现)?在(?:录音|音频)?的?{_EDGE_CHINESE.format(last=_EDGES[0], first=_EDGES[1])})\s*$",
    re.IGNORECASE,
)


def take_places(chars: Sequence[Char]) -> tuple[Sequence[Char], list[tuple[Place, int]]]:
    """Take the places in time out of a text.

    Args:
        chars: The text; literal characters are never part of a place.

    Returns:
        What is left, tidied where something was taken out, and each place with its position.

    Raises:
        LabelError: A place ends before it starts, has no extent, or reaches back too far.
    """
    places: list[tuple[Place, int]] = []
    for pattern in _PATTERNS:
        while match := pattern.search(_plain(chars)):
            at = chars[match.start()].at
            places.append((_place(match, at), at))
            chars = _without(chars, match.start(), match.end())
    return chars, places


def read_edge(chars: Sequence[Char]) -> Place | None:
    """Read a word that is an edge of the recording and nothing else, such as ``at the end``."""
    match = _EDGE_ALONE.fullmatch(_plain(trim(chars)))
    return _edge(match) if match else None


def take_edge(chars: Sequence[Char]) -> tuple[Sequence[Char], list[tuple[Place, int]]]:
    """Take an edge of the recording off the end of a text: ``ding at the end``.

    Returns:
        What is left, and the place with its position; a text that is nothing else stays whole.
    """
    match = _EDGE_BEHIND.search(_plain(chars))
    if not match or not text_of(rest := _without(chars, match.start(), match.end())).strip():
        return chars, []
    return rest, [(_edge(match), chars[match.start()].at)]


def read_place(text: str) -> Place | None:
    """Read a text that is a place in time and nothing else; None if it is not.

    Raises:
        LabelError: The place ends before it starts, has no extent, or reaches back too far.
    """
    chars = trim(scan_name(text))
    rest, places = take_places(chars)
    if not places:
        return read_edge(chars)
    return places[0][0] if len(places) == 1 and not text_of(rest).strip() else None


def check_place(place: Place, at: int | None = None) -> Place:
    """Return the place if a recording can be looked at there as it streams by.

    Raises:
        LabelError: It reaches back from the recording's end further than can be held in memory.
    """
    reach = place.start if place.end is None else place.end
    if place.anchor == "end" and reach > MAX_FROM_END:
        minutes = f"{MAX_FROM_END / 60:g}"
        raise LabelError(
            Text(
                en=f"A place can reach back {minutes} minutes from the end at most. Count it from "
                "the start, as in 0:50:00-end, or leave it out.",
                zh=f"从结尾往前最多只能指定 {minutes} 分钟。请改为从开头计时，"
                "例如 0:50:00-结尾，或不写时间。",
            ),
            at,
        )
    return place


def _plain(chars: Sequence[Char]) -> str:
    """Return the text to search, a character for each: literals masked, full-width narrowed."""
    return "".join("\0" if char.literal else _narrow(char.text) for char in chars)


def _narrow(char: str) -> str:
    return chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char


def _place(match: re.Match[str], at: int) -> Place:
    found = match.groupdict()
    if found.get("start"):
        stop = _clock(found["stop"]) if found["stop"][0].isdigit() else None
        place = Place(_clock(found["start"]), stop)
    else:
        place = Place(0.0, _length(found), "end" if found["end"] else "start")
    if place.end is not None and place.end <= place.start:
        raise LabelError(
            Text(
                en="This place in time ends before it has begun: write the earlier time first, "
                "and a length above 0.",
                zh="这段时间的结束不晚于开始：请把较早的时间写在前面，时长要大于 0。",
            ),
            at,
        )
    return check_place(place, at)


def _edge(match: re.Match[str]) -> Place:
    found = match.groupdict()
    return Place(0.0, DEFAULT_EXTENT, "end" if found["end"] or found["last"] else "start")


def _clock(text: str) -> float:
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _length(found: dict[str, str | None]) -> float:
    """Return the seconds that a match's number and unit make."""
    unit = (found["unit"] or "").lower()
    length = _number(found["number"] or "one")
    if re.fullmatch(_MINUTE, unit):
        length *= 60
    elif re.fullmatch(_MILLISECOND, unit):
        length /= 1000
    return length + 60 * _number(found.get("minutes") or "0")


def _number(text: str) -> float:
    text = text.lower()
    if text == "半" or text.startswith("half"):
        return 0.5
    if text in _ENGLISH_NUMBERS:
        return float(_ENGLISH_NUMBERS[text])
    if text[0] in _CHINESE_DIGITS or text[0] in _CHINESE_TENS:
        whole, _, decimals = text.partition("点")
        return float(f"{_chinese(whole)}.{''.join(str(_CHINESE_DIGITS[d]) for d in decimals)}")
    return float(text)


def _chinese(numeral: str) -> int:
    """Read a numeral such as 三, 十五 or 一百二十."""
    total = digit = 0
    for char in numeral:
        if char in _CHINESE_TENS:
            total += (digit or 1) * _CHINESE_TENS[char]
            digit = 0
        else:
            digit = _CHINESE_DIGITS[char]
    return total + digit


def _without(chars: Sequence[Char], start: int, end: int) -> Sequence[Char]:
    """Cut ``start`` to ``end`` out, and what would dangle at the cut."""
    marks = ",、-:\uff0c\uff1a"
    left, right = trim(chars[:start], marks), trim(chars[end:], marks)
    if not right:
        left = trim(left, marks + "的在")
    if not (left and right):
        return left or right
    joint = [] if is_wide(left[-1].text) or is_wide(right[0].text) else [Char(" ", right[0].at)]
    return [*left, *joint, *right]
