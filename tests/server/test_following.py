"""A recording that is followed stretch by stretch, and the work that stops when nobody waits."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

import numpy as np
import pytest

from anysound.audio.decoders import Decoders
from anysound.classifier import Classifier
from anysound.errors import RecordingError
from anysound.language import Text
from anysound.server.following import Following
from anysound.server.guard.admission import Admission
from anysound.server.listener import Listener, Upload
from anysound.server.page.asking import meanwhile
from anysound.server.page.glance import Watch, classify_and_draw
from anysound.timeline import Event
from tests.fakes import RATE, FakeModel, SlowModel, tone, wav_file
from tests.patience import PATIENCE

LABELS = "mid=1000 Hz, high=4000 Hz"
SOUND = np.concatenate([tone(1000, 4.0), 0 * tone(1, 4.0), tone(4000, 4.0)])


class CountingModel(SlowModel):
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def embed_audio(self, waveforms: Any) -> Any:
        self.asked += 1
        return super().embed_audio(waveforms)


def upload(sound: np.ndarray = SOUND, cut: int | None = None) -> Upload:
    return Upload("street.wav", io.BytesIO(wav_file(sound)[:cut]))


def listening(
    work: Callable[[Listener], Awaitable[Any]], model: Any = None, seconds: float = PATIENCE
) -> Any:
    """Do something with a listener of its own."""

    async def run() -> Any:
        with Decoders() as decoders:
            classifier = Classifier(model or FakeModel())
            return await work(Listener(classifier, Admission(1, 4, seconds), decoders))

    return asyncio.run(run())


def test_stretches_bring_all_events() -> None:
    async def work(listener: Listener) -> tuple[list[list[Event]], Any]:
        following = await listener.timeline(upload(), LABELS)
        return [events async for events in following], following.summary()

    stretches, summary = listening(work)
    direct = list(Classifier(FakeModel()).timeline((SOUND, RATE), LABELS))
    found = [(each.label, each.start, each.end) for events in stretches for each in events]
    assert found == [(each.label, each.start, each.end) for each in direct]
    assert len(stretches) > 1
    assert summary["events"] == 2
    assert summary["duration"] == 12.0


async def until_it_breaks(following: Following, error: type[Exception]) -> list[Event]:
    found: list[Event] = []
    try:
        async for events in following:
            found += events
    except error:
        return found
    pytest.fail("it did not break")


def test_what_was_found_before_an_error_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(listener: Listener) -> list[Event]:
        following = await listener.timeline(upload(), LABELS)
        steps = following._timeline.steps

        def breaking() -> Any:
            for step in steps():
                yield step
                if isinstance(step, Event):
                    raise RecordingError(Text("broken off", "中断"))

        monkeypatch.setattr(following._timeline, "steps", breaking)
        return await until_it_breaks(following, RecordingError)

    assert [each.label for each in listening(work)] == ["mid"]


def test_each_stretch_has_its_own_turn_and_time() -> None:
    """What may take only so long is a stretch, not a recording of many hours."""

    async def work(listener: Listener) -> tuple[int, int]:
        following = await listener.timeline(upload(np.tile(SOUND, 8)), LABELS)
        turns, run = 0, following._run

        def counted(*work: Any) -> Any:
            nonlocal turns
            turns += 1
            return run(*work)

        following._run = counted
        return len([events async for events in following]), turns

    stretches, turns = listening(work)
    assert stretches == turns > 8


def test_leaving_stops_the_work() -> None:
    model = CountingModel()

    async def work(listener: Listener) -> int:
        following = await listener.timeline(upload(np.tile(SOUND, 50)), LABELS)
        async with aclosing(aiter(following)) as stretches:
            async for _ in stretches:
                break
        asked = model.asked
        await asyncio.sleep(1.0)
        assert model.asked <= asked + 1
        return asked

    assert listening(work, model) > 0


@pytest.mark.parametrize("what", ["timeline", "classify"])
def test_a_page_that_is_left_stops_its_question(what: str) -> None:
    model = CountingModel()

    async def work(listener: Listener) -> None:
        sent = upload(np.tile(SOUND, 100))
        watch = Watch()
        question = (
            watch.follow(listener, sent, LABELS)
            if what == "timeline"
            else classify_and_draw(listener, sent, LABELS)
        )
        async with aclosing(meanwhile(question, lambda: model.asked)) as told:
            async for asked in told:
                if asked:
                    break
        await asyncio.sleep(1.5)  # the decoder is looked after twice a second or so
        asked = model.asked
        await asyncio.sleep(1.0)
        assert model.asked == asked
        # The next one's turn comes at once.
        assert await asyncio.wait_for(listener.classify(upload(), LABELS), 20)

    listening(work, model)


def test_a_watch_sees_how_far_it_is() -> None:
    async def work(listener: Listener) -> list[Any]:
        watch = Watch()
        question = watch.follow(listener, upload(), LABELS)
        told = [each async for each in meanwhile(question, lambda: watch.heard)]
        assert [each.label for each in watch.events] == ["mid", "high"]
        return told

    *heard, followed = listening(work, SlowModel())
    assert heard == sorted(heard)
    assert [each.label for each in followed.picture.events] == ["mid", "high"]
    assert len(followed.picture.curves) == 2
    assert followed.picture.duration == 12.0


def test_an_answer_comes_with_its_picture() -> None:
    async def work(listener: Listener) -> Any:
        return await classify_and_draw(listener, upload(), LABELS)

    result, picture = listening(work)
    assert result.label == "mid"
    assert picture.duration == result.duration == 12.0
