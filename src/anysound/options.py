"""How one question to a classifier is to be answered, where its own way isn't wanted."""

from dataclasses import dataclass

from anysound.errors import UsageError
from anysound.language import Text
from anysound.reading import Untranslated, check_untranslated


@dataclass(frozen=True)
class ClassifyOptions:
    """How a recording is classified; None leaves it to the classifier.

    Attributes:
        none_below: A best similarity under this is no match.
        ambiguous_within: Two best probabilities closer than this are too close to call.
        untranslated: What becomes of a Chinese label without English, where the model reads no
            Chinese: ``refuse`` or ``keep``.
        top: How many of the best labels the answer holds; their probabilities are among all.

    Raises:
        UsageError: An option makes no sense.
    """

    none_below: float | None = None
    ambiguous_within: float | None = None
    untranslated: Untranslated | None = None
    top: int | None = None

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("none_below", self.none_below, -1, 1),
            ("ambiguous_within", self.ambiguous_within, 0, 1),
            ("top", self.top, 1, None),
        ):
            if value is None or (least <= value and (most is None or value <= most)):
                continue
            raise UsageError(_out_of_range(name, value, least, most))
        if self.untranslated is not None:
            check_untranslated(self.untranslated)


def _out_of_range(name: str, value: float, least: int, most: int | None) -> Text:
    if most is None:
        return Text(
            en=f"{name} can't be {value:g}: give {least} or more.",
            zh=f"{name} 不能是 {value:g}：应不小于 {least}。",
        )
    return Text(
        en=f"{name} can't be {value:g}: give a number from {least} to {most}.",
        zh=f"{name} 不能是 {value:g}：应为 {least} 到 {most} 之间的数。",
    )
