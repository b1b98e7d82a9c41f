"""What a batch says of one recording."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from anysound.language import Text
from anysound.results import Classification
from anysound.scoring import Verdict


@dataclass(frozen=True)
class Row:
    """What the table says of one recording.

    Attributes:
        recording: Its path in the folder, with forward slashes.
        label: The best label; empty if the recording failed, as is all below.
        probability: Of the best label.
        verdict: Whether the best label may be trusted.
        runner_up: The second label; empty if there is only one.
        runner_up_probability: Of the second label.
        margin: How far the best label is ahead.
        duration: In seconds.
        warned: Whether the recording was read with warnings; not in the table.
        error: Why the recording failed, or None.
        heard_as: What the best label was heard by, if that is more than its name.
        telling: Span of the window that speaks most for the best label, in seconds; None if the
            recording is no longer than a window.
    """

    recording: str
    label: str = ""
    probability: float | None = None
    verdict: Verdict | None = None
    runner_up: str = ""
    runner_up_probability: float | None = None
    margin: float | None = None
    duration: float | None = None
    warned: bool = False
    error: Text | None = None
    heard_as: tuple[str, ...] = ()
    telling: tuple[float, float] | None = None

    @classmethod
    def of(cls, recording: str, answer: Classification) -> "Row":
        """Make the row of a recording that was classified."""
        best = answer.scores[0]
        second = answer.scores[1] if len(answer.scores) > 1 else None
        return cls(
            recording=recording,
            label=answer.label,
            probability=answer.probability,
            verdict=answer.verdict,
            runner_up=second.label if second else "",
            runner_up_probability=second.probability if second else None,
            margin=answer.margin,
            duration=answer.duration,
            warned=bool(answer.warnings),
            heard_as=best.phrases if best.phrases != (best.label,) else (),
            telling=answer.telling,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the row so that JSON can keep it without loss."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Row":
        """Return the row that ``to_dict`` was asked of."""
        error, telling = kept["error"], kept["telling"]
        return cls(
            **{
                **kept,
                "error": Text(**error) if error else None,
                "heard_as": tuple(kept["heard_as"]),
                "telling": tuple(telling) if telling else None,
            }
        )
