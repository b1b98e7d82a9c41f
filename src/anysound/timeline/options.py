"""How events are found."""

from dataclasses import dataclass

from anysound.errors import UsageError
from anysound.language import Text


@dataclass(frozen=True)
class TimelineOptions:
    """How events are found in a recording.

    The defaults were chosen with the bundled model on recordings with planted sounds, one at a
    time and overlapping; ``benchmarks/planted.py`` measures them for any model.

    Attributes:
        window: Length of the windows that are embedded, in seconds; None is the model's own.
        hop: From the start of one window to the start of the next, in seconds, which is also how
            finely times are told; None is a sixth of the window.
        threshold: Score from which on a label is active.
        hold: Share of ``threshold`` under which an active label is no longer so.
        gap: Seconds of a pause that an event outlasts.
        top: In place of events, give this many best moments of each label, however sure; None
            gives events.

    Raises:
        UsageError: An option makes no sense.
    """

    window: float | None = None
    hop: float | None = None
    threshold: float = 0.5
    hold: float = 0.8
    gap: float = 1.0
    top: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise UsageError(
                Text(
                    en=f"A threshold of {self.threshold:g} makes no sense: it is a score between "
                    "0 and 1, such as 0.5.",
                    zh=f"阈值 {self.threshold:g} 无效：应为 0 到 1 之间的分数，例如 0.5。",
                )
            )
        if not 0 < self.hold <= 1 or not 0 <= self.gap < float("inf"):
            raise UsageError(
                Text(
                    en="A label is held down to a share of the threshold above 0 and up to 1, and "
                    "over pauses of 0 seconds or more.",
                    zh="保持比例应大于 0 且不超过 1，可跨越的停顿应不小于 0 秒。",
                )
            )
        if self.top is not None and self.top < 1:
            raise UsageError(
                Text(
                    en=f"The best {self.top} moments are none: ask for 1 or more.",
                    zh=f"最佳片段数 {self.top} 无效：至少为 1。",
                )
            )
