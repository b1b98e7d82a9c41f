"""What is answered about a recording."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anysound.language import Text
from anysound.scoring import GroupScore, Verdict


@dataclass(frozen=True)
class Score:
    """How well one label fits a recording.

    Attributes:
        label: The label's name.
        probability: Its share of the label set; all sum to 1, or to 0 if none could be heard.
        similarity: How well it fits the part it was looked for in, from -1 to 1, lowered by
            what it is not; None if that part is silent or outside the recording.
        phrases: What it was heard by.
        span: Where it was looked for, ``(start, end)`` in seconds; None is everywhere, and an
            empty one is outside the recording.
        avoided: The phrases to avoid that lowered it, each by a tenth of its odds or more.
    """

    label: str
    probability: float
    similarity: float | None
    phrases: tuple[str, ...]
    span: tuple[float, float] | None = None
    avoided: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the score, ready for JSON."""
        return {
            "label": self.label,
            "probability": self.probability,
            "similarity": self.similarity,
            "phrases": list(self.phrases),
            "span": list(self.span) if self.span else None,
            "avoided": list(self.avoided),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Score":
        """Read a score back."""
        span = content["span"]
        return cls(
            label=content["label"],
            probability=content["probability"],
            similarity=content["similarity"],
            phrases=tuple(content["phrases"]),
            span=tuple(span) if span else None,
            avoided=tuple(content["avoided"]),
        )


@dataclass(frozen=True)
class Classification:
    """The answer for one recording.

    Attributes:
        recording: The recording's name.
        duration: Its length in seconds.
        model: Id of the model that answered.
        revision: Its revision.
        precision: Its precision.
        verdict: Whether the best label may be trusted.
        label: Name of the best label.
        probability: Its probability.
        margin: How far its probability is above the second label's.
        needed: The similarity that the best label had to reach, or the verdict is ``none``.
        scores: One per label, best first; ties keep the user's order.
        analysed: Spans ``(start, end)`` in seconds that were embedded; windows that touch are one.
        telling: Span of the window that speaks most for the best label; None if the recording is
            one unit.
        warnings: What the user should know about the recording.
        hint: One line about the model's limits, or None.
        groups: Labels that differ in their brackets only, summed up, best first.
        advice: What would tell the two best labels apart if they are too close to call, or None.
        clear_group: The group that is clear where only its members are too close to call, or
            None.
    """

    recording: str
    duration: float
    model: str
    revision: str
    precision: str
    verdict: Verdict
    label: str
    probability: float
    margin: float
    needed: float
    scores: tuple[Score, ...]
    analysed: tuple[tuple[float, float], ...]
    telling: tuple[float, float] | None = None
    warnings: tuple[Text, ...] = ()
    hint: Text | None = None
    groups: tuple[GroupScore, ...] = ()
    clear_group: str | None = None
    advice: Text | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer in the form of the JSON contract, in the current language."""
        return {
            "recording": self.recording,
            "duration": self.duration,
            "model": self.model,
            "revision": self.revision,
            "precision": self.precision,
            "verdict": self.verdict,
            "label": self.label,
            "probability": self.probability,
            "margin": self.margin,
            "needed": self.needed,
            "scores": [score.to_dict() for score in self.scores],
            "groups": [group.to_dict() for group in self.groups],
            "clear_group": self.clear_group,
            "advice": str(self.advice) if self.advice else None,
            "analysed": [list(span) for span in self.analysed],
            "telling": list(self.telling) if self.telling else None,
            "warnings": [str(warning) for warning in self.warnings],
            "hint": str(self.hint) if self.hint else None,
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Classification":
        """Read an answer back; its messages are in the one language that it was said in."""
        telling, hint, advice = (content[key] for key in ("telling", "hint", "advice"))
        as_they_are = (
            *("recording", "duration", "model", "revision", "precision", "verdict", "label"),
            *("probability", "margin", "needed", "clear_group"),
        )
        return cls(
            **{key: content[key] for key in as_they_are},
            scores=tuple(map(Score.from_dict, content["scores"])),
            groups=tuple(
                GroupScore(each["group"], each["probability"], tuple(each["labels"]))
                for each in content["groups"]
            ),
            analysed=tuple((start, end) for start, end in content["analysed"]),
            telling=tuple(telling) if telling else None,
            warnings=tuple(map(_said, content["warnings"])),
            hint=_said(hint) if hint else None,
            advice=_said(advice) if advice else None,
        )


def _said(words: str) -> Text:
    return Text(en=words, zh=words)
