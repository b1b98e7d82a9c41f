import pytest

from anysound import UsageError
from anysound.live import LiveEvent
from anysound.live.actions import Actions, Reaction
from tests.live.making import an_event


class Noting:
    def __init__(self) -> None:
        self.events: list[LiveEvent] = []
        self.is_closed = False

    def tell(self, event: LiveEvent) -> None:
        self.events.append(event)

    def close(self) -> None:
        self.is_closed = True


def ended(event: LiveEvent, end: float) -> LiveEvent:
    return an_event(event.label, event.number, event.start, phase="end", end=end)


def test_an_action_is_told_of_its_labels_only() -> None:
    fire, everything = Noting(), Noting()
    reactions = [Reaction(fire, frozenset(["fire"])), Reaction(everything)]
    with Actions(reactions) as actions:
        actions.tell(an_event("fire", 1))
        actions.tell(an_event("bell", 2))
    assert [event.number for event in fire.events] == [1]
    assert [event.number for event in everything.events] == [1, 2]
    assert fire.is_closed


def test_a_cooldown_is_a_labels_own_and_counts_from_what_was_acted_upon() -> None:
    action = Noting()
    with Actions([Reaction(action)], cooldown=60) as actions:
        acted = [
            actions.tell(an_event(label, number, start))
            for number, (label, start) in enumerate(
                [("fire", 0), ("fire", 30), ("bell", 31), ("fire", 59), ("fire", 61), ("fire", 100)]
            )
        ]
    assert acted == [True, False, True, False, True, False]
    assert [event.number for event in action.events] == [0, 2, 4]


def test_ends_are_told_if_asked_for_and_only_of_what_was_told_at_its_start() -> None:
    first, second = an_event("fire", 1, 0), an_event("fire", 2, 10)
    story = [first, ended(first, 5), second, ended(second, 12)]
    for ends, told in ((True, ["start", "end"]), (False, ["start"])):
        action = Noting()
        with Actions([Reaction(action)], cooldown=60, ends=ends) as actions:
            for event in story:
                actions.tell(event)
        assert [event.phase for event in action.events] == told


@pytest.mark.parametrize("cooldown", [-1.0, float("inf"), float("nan")])
def test_a_cooldown_that_makes_no_sense(cooldown: float) -> None:
    with pytest.raises(UsageError, match="makes no sense"):
        Actions([], cooldown)
