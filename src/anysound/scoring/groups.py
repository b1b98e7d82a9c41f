"""Groups: labels of one head that differ in their brackets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anysound.scoring.verdict import Verdict


@dataclass(frozen=True)
class GroupScore:
    """How well a group of labels fits a recording.

    A group has the prior of all its labels: one of n labels starts with n times the odds of a
    label by itself. Give its labels smaller weights where that is not meant.

    Attributes:
        group: The head that its labels share.
        probability: The sum of its labels' probabilities.
        labels: Names of its labels, best first.
    """

    group: str
    probability: float
    labels: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the group, ready for JSON."""
        return {
            "group": self.group,
            "probability": self.probability,
            "labels": list(self.labels),
        }


def score_groups(
    ranked: Sequence[tuple[str, float]], group_of: Mapping[str, str | None]
) -> tuple[GroupScore, ...]:
    """Sum up the probabilities of each group.

    Args:
        ranked: Each label's name and probability, best first.
        group_of: Each label's group by its name, or None.

    Returns:
        The groups, best first; ties keep the order of their best labels.
    """
    members: dict[str, list[tuple[str, float]]] = {}
    for name, probability in ranked:
        group = group_of[name]
        if group is not None:
            members.setdefault(group, []).append((name, probability))
    scores = [
        GroupScore(group, sum(p for _, p in some), tuple(name for name, _ in some))
        for group, some in members.items()
    ]
    return tuple(sorted(scores, key=lambda score: -score.probability))


def find_clear_group(
    verdict: Verdict,
    ranked: Sequence[tuple[str, float]],
    groups: Sequence[GroupScore],
    ambiguous_within: float,
) -> str | None:
    """Find the group that is clear although its members are not.

    Args:
        verdict: On the best label.
        ranked: Each label's name and probability, best first.
        groups: Their groups, best first.
        ambiguous_within: Two best probabilities closer than this are too close to call.

    Returns:
        The group of the two best labels, if they alone are what is ambiguous; or else None.
    """
    if verdict != "ambiguous" or not groups:
        return None
    best = groups[0]
    if not {name for name, _ in ranked[:2]} <= set(best.labels):
        return None
    grouped = {name for group in groups for name in group.labels}
    rivals = [group.probability for group in groups[1:]]
    rivals += [probability for name, probability in ranked if name not in grouped]
    is_clear = best.probability - max(rivals, default=0.0) >= ambiguous_within
    return best.group if is_clear else None
