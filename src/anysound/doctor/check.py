"""What a check finds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from anysound.language import Text

Verdict: TypeAlias = Literal["skipped", "ok", "warn", "fail"]
"""``fail``: anysound can't do its work; ``warn``: a part of it can't be used, or not well;
``skipped``: there was nothing to look at."""

_ORDER: tuple[Verdict, ...] = ("skipped", "ok", "warn", "fail")


@dataclass(frozen=True)
class DoctorOptions:
    """What is asked.

    Attributes:
        port: Which the server would listen on.
        online: Whether the hub is asked for. None asks it, but takes its silence for no failure,
            since the bundled model needs none.
    """

    port: int = 7860
    online: bool | None = None


@dataclass(frozen=True)
class Check:
    """What one check found.

    Attributes:
        name: Of the check; the troubleshooting chapter has it.
        verdict: How it is.
        found: What is there.
        advice: What to do; None if there is nothing to be done.
        facts: The same for a program, ready for JSON.
    """

    name: str
    verdict: Verdict
    found: Text
    advice: Text | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON, its texts in the current language."""
        return {
            "name": self.name,
            "verdict": self.verdict,
            "found": str(self.found),
            "advice": None if self.advice is None else str(self.advice),
            "facts": dict(self.facts),
        }


def worst(checks: Iterable[Check]) -> Verdict:
    """Return the worst of all verdicts."""
    return max((check.verdict for check in checks), key=_ORDER.index, default="ok")


def joined(texts: Iterable[Text], en: str = " ", zh: str = "") -> Text:
    """Return several texts as one, with ``en`` or ``zh`` between them."""
    listed = tuple(texts)
    return Text(en=en.join(text.en for text in listed), zh=zh.join(text.zh for text in listed))


def gigabytes(size: int | None) -> str:
    """Return a number of bytes in words; ``?`` if it isn't known."""
    return "?" if size is None else f"{size / 1e9:.1f} GB"
