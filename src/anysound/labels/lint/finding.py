"""What lint says of labels."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from anysound.language import Text

Kind: TypeAlias = Literal[
    "abstract",
    "broad",
    "few",
    "many",
    "abbreviation",
    "negation",
    "untranslatable",
    "alike",
    "hub",
]


@dataclass(frozen=True)
class Finding:
    """Something about labels that can be written better.

    Attributes:
        kind: What it is about.
        labels: Names of the labels concerned; none if it is the set as a whole.
        what: What was found.
        why: Why it matters.
        rewrite: What to write in place of the first of ``labels``, in the label grammar; None if
            only the user can know.
    """

    kind: Kind
    labels: tuple[str, ...]
    what: Text
    why: Text
    rewrite: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the finding, ready for JSON, in the current language."""
        return {
            "kind": self.kind,
            "labels": list(self.labels),
            "what": str(self.what),
            "why": str(self.why),
            "rewrite": self.rewrite,
        }
