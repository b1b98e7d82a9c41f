"""How a live stream is listened to."""

from dataclasses import dataclass, field

from anysound.errors import UsageError
from anysound.language import Text
from anysound.live.backoff import Backoff
from anysound.timeline import TimelineOptions


@dataclass(frozen=True)
class ListenOptions:
    """How a live stream is listened to.

    Attributes:
        timeline: How events are found.
        hold: Seconds that a label must be heard before it counts.
        behind: Seconds that listening may fall behind the sound before windows are left out.
        silent: Seconds of silence before that is said.
        stalled: Seconds in which nothing comes before that is said.
        backoff: How long a stream that is lost is waited for.

    Raises:
        UsageError: An option makes no sense.
    """

    timeline: TimelineOptions = field(default_factory=TimelineOptions)
    hold: float = 0.0
    behind: float = 2.0
    silent: float = 30.0
    stalled: float = 10.0
    backoff: Backoff = field(default_factory=Backoff)

    def __post_init__(self) -> None:
        if not 0 <= self.hold < float("inf"):
            raise UsageError(
                Text(
                    en=f"A label can't be waited for {self.hold:g} s before it counts: give 0 or "
                    "more seconds.",
                    zh=f"持续时间 {self.hold:g} 秒无效：应为 0 秒或更长。",
                )
            )
        if not min(self.behind, self.silent, self.stalled) > 0:
            raise UsageError(
                Text(
                    en="Times after which something is said or left out must be above 0 seconds.",
                    zh="落后、静音和停滞的时限都必须大于 0 秒。",
                )
            )
        if self.timeline.top is not None:
            raise UsageError(
                Text(
                    en="The best moments are known only at the end of a recording: leave out "
                    "`top` for a live stream.",
                    zh="只有录音结束后才知道最佳片段：实时监听请不要使用 top。",
                )
            )
