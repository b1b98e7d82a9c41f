"""One sitting of ``anysound review``: what is shown of a recording, and what a key does."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from anysound.audio.remote import Place, is_url, place, within
from anysound.cli.keys import Keys
from anysound.cli.terminal import console, printable, say
from anysound.errors import AnysoundError
from anysound.language import Text
from anysound.reviewing import NONE, Excerpt, Player, Reviewed, Unclear, cut, draw

_LETTERS = "abcdefghijklmnoprtvwxyzABCDEFGHIJKLMNOPRTVWXYZ"  # s, u and q do something else
_WIDEST = 80


class Whereabouts:
    """Where the recordings of a table are."""

    def __init__(self, table: Path, folder: str | None, sources: Sequence[str]) -> None:
        """Look in a folder, or else where a batch may have found them.

        Args:
            table: The batch's.
            folder: Where the user says they are; None if nothing was said.
            sources: What the batch was given.
        """
        self._places = [place(folder)] if folder else [table.parent, *map(place, sources), Path()]

    def of(self, recording: str) -> Place:
        """Return where a recording is, or should be."""
        if is_url(recording):
            return recording
        for each in self._places:
            where = within(each, recording)
            if not isinstance(where, Path) or where.exists():
                return where
        return within(self._places[0], recording)


class Showing:
    """Lets a person hear a recording, or see it."""

    def __init__(self, player: Player | None, is_drawn: bool) -> None:
        """Play, if there is a player.

        Args:
            player: Plays; None draws.
            is_drawn: Draw what is played, too.
        """
        self._player = player
        self._is_drawn = is_drawn
        self._out = console()

    @contextmanager
    def showing(self, where: Place, span: tuple[float, float] | None) -> Iterator[None]:
        """Play a part of a recording for as long as the block lasts; say so if it can't be."""
        try:
            excerpt = cut(where, span)
        except AnysoundError as error:
            print(printable(f"  {error}"), flush=True)
            yield
            return
        player = self._player
        if self._is_drawn or player is None:
            self._draw(excerpt)
        if player is None:
            yield
            return
        with player.playing(excerpt):
            yield
        if player.is_broken:
            self._player = None
            say(
                Text(
                    en=f"{player.name} can't play here: the sound is drawn instead.",
                    zh=f"{player.name} 无法播放：改为画出声音。",
                )
            )

    def _draw(self, excerpt: Excerpt) -> None:
        is_utf8 = self._out.encoding.startswith("utf")
        width = min(self._out.width, _WIDEST) - 2
        lines = draw(excerpt, width) if is_utf8 else draw(excerpt, width, " .:*#")
        silent = Text(en="Nothing but silence.", zh="这里没有声音。")
        print("\n".join(f"  {line}" for line in lines or [str(silent)]), flush=True)


class Session:
    """One sitting."""

    def __init__(
        self,
        found: Sequence[Unclear],
        labels: Sequence[str],
        reviewed: Reviewed,
        where: Whereabouts,
        showing: Showing,
        keys: Keys,
    ) -> None:
        """Begin with the first recording that has no label yet.

        Args:
            found: What to ask about, in this order.
            labels: What may be answered by a key.
            reviewed: Takes the answers.
            where: Finds the recordings.
            showing: Lets them be heard or seen.
            keys: What the person types.
        """
        self._reviewed = reviewed
        self._labels = list(dict.fromkeys(labels))
        self._where = where
        self._showing = showing
        self._keys = keys
        self._waiting = [each for each in found if self._name(each) not in reviewed.labels]
        self._said: list[int] = []  # places in the list, to take back the last
        self._at = 0

    @property
    def left(self) -> int:
        """Recordings without a label."""
        return sum(self._name(each) not in self._reviewed.labels for each in self._waiting)

    def go_through(self) -> None:
        """Ask until the end, or until the person has had enough."""
        while self._at < len(self._waiting) or self._goes_back():
            each = self._waiting[self._at]
            choices = self._choices(each)
            self._head(each)
            with self._showing.showing(self._where.of(each.recording), each.telling):
                self._offer(each, choices)
                key = self._keys.key()
                answer = self._typed_label() if key == "=" and sys.stdin.isatty() else key
            if answer is None or answer == "q":
                return
            self._do(each, answer, choices)

    def _goes_back(self) -> bool:
        """Let the last answer be undone."""
        if not self._said:
            return False
        print(
            Text(
                en="\nThat was the last.   u undo   any other key ends",
                zh="\n已是最后一段。   u 撤销   按其他键结束",
            ),
            flush=True,
        )
        is_undone = self._keys.key() == "u"
        if is_undone:
            self._take_back()
        return is_undone

    def _choices(self, each: Unclear) -> dict[str, str]:
        """Return labels by key: the batch's two by a number, all by a letter that stays theirs."""
        numbered = {str(number): label for number, label in enumerate(each.labels, start=1)}
        return numbered | dict(zip(_LETTERS, self._labels, strict=False))

    def _do(self, each: Unclear, answer: str, choices: dict[str, str]) -> None:
        if answer in choices:
            self._say(each, choices[answer])
        elif answer == "0":
            self._say(each, NONE)
        elif answer == "s":
            self._at += 1
        elif answer == "u":
            self._take_back()
        elif answer.startswith("=") and answer[1:].strip():
            label = answer[1:].strip()
            if label not in self._labels:
                self._labels.append(label)
            self._say(each, label)

    def _say(self, each: Unclear, label: str) -> None:
        self._reviewed.say(self._name(each), label)
        print(printable(f"  → {label}"), flush=True)
        self._said.append(self._at)
        self._at += 1

    def _take_back(self) -> None:
        if self._said:
            self._at = self._said.pop()
            self._reviewed.take_back(self._name(self._waiting[self._at]))
        else:
            print(Text(en="  There is nothing to undo.", zh="  没有可撤销的操作。"), flush=True)

    def _typed_label(self) -> str:
        return "=" + self._keys.line(str(Text(en="  label: ", zh="  标签：")))

    def _head(self, each: Unclear) -> None:
        verdict = {
            "ambiguous": Text(en="ambiguous", zh="难以区分"),
            "none": Text(en="none", zh="均不吻合"),
        }.get(each.verdict, Text(en="match", zh="符合"))
        print(f"\n[{self._at + 1}/{len(self._waiting)}] {printable(each.recording)}  ({verdict})")
        if each.telling:
            print(f"  {each.telling[0]:.1f}-{each.telling[1]:.1f} s", flush=True)

    def _offer(self, each: Unclear, choices: dict[str, str]) -> None:
        for key, label in choices.items():
            if key.isdigit() or label not in each.labels:
                print(f"  {key}  {printable(label)}")
        more = len(self._labels) - len(_LETTERS)
        if more > 0:
            print(Text(en=f"  = and the name: {more} more", zh=f"  = 加名称：还有 {more} 个标签"))
        keys = Text(
            en="  0 none of them   = another label   s skip   u undo   Enter once more   q quit",
            zh="  0 都不是   = 其他标签   s 跳过   u 撤销   回车 再来一次   q 退出",
        )
        print(keys, flush=True)

    def _name(self, each: Unclear) -> str:
        """Return a recording's path as it counts from the folder of the table."""
        where = self._where.of(each.recording)
        if isinstance(where, str):
            return where
        try:
            return where.resolve().relative_to(self._reviewed.path.parent.resolve()).as_posix()
        except ValueError:
            return str(where.resolve())
