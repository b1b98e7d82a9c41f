"""Pictures of recordings, and the PNG in them."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from anysound.language import Language, use
from anysound.server.page.picture import Picture, clock, picture_of, picture_view
from anysound.server.page.png import palette_png
from anysound.timeline import Event
from anysound.timeline.overview import Overview, OverviewMaker
from tests.fakes import RATE, tone

HOSTILE = '<img src=x onerror="alert(1)">'


def overview(labels: tuple[str, ...] = ("low", "high"), seconds: float = 8.0) -> Overview:
    maker = OverviewMaker("a.wav", labels, RATE)
    maker.add_waveform(np.concatenate([np.zeros(RATE, np.float32), tone(4000, seconds - 1)]))
    for time in np.arange(0.25, seconds, 0.5):
        maker.add_scores(time, [0.1, *(0.9 for _ in labels[1:])])
    return maker.overview()


def test_png_holds_the_levels() -> None:
    levels = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    image = Image.open(io.BytesIO(palette_png(levels)))
    image.load()
    assert image.size == (4, 3)
    assert np.array_equal(np.asarray(image), levels)
    shades = np.asarray(image.convert("L"), int)
    assert (np.diff(shades.ravel()) > 0).all()  # louder is brighter


def test_a_picture_is_small_and_right() -> None:
    picture = picture_of(overview())
    image = Image.open(io.BytesIO(picture.spectrogram))
    levels = np.asarray(image)
    tones = levels[:, image.width // 2]
    assert tones.argmax() < len(tones) / 2  # 4 kHz is in the upper half, which is on top
    assert levels[:, 2].max() < tones.max()  # it begins with silence
    assert [curve.label for curve in picture.curves] == ["low", "high"]
    assert picture.duration == pytest.approx(8)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in picture.curves[1].points)


def test_a_long_recording_is_drawn_in_few_columns() -> None:
    maker = OverviewMaker("a.wav", ("a",), RATE)
    for number in range(4000):
        maker.add_scores(number * 1.0, [0.5])
    for _ in range(400):
        maker.add_waveform(np.zeros(RATE, np.float32))
    picture = picture_of(maker.overview())
    assert len(picture.curves[0].points) <= 1000
    assert Image.open(io.BytesIO(picture.spectrogram)).width <= 1000


def test_only_the_best_labels_have_curves() -> None:
    labels = tuple(f"label {number}" for number in range(12))
    maker = OverviewMaker("a.wav", labels, RATE)
    maker.add_waveform(tone(1000, 2.0))
    maker.add_scores(0.5, np.arange(12) / 12)
    names = [curve.label for curve in picture_of(maker.overview()).curves]
    assert names == list(labels[4:])


@pytest.mark.parametrize(
    ("language", "play"), [("en", "Play high 0:02.0–0:03.5"), ("zh", "播放 high")]
)
def test_events_are_buttons(language: Language, play: str) -> None:
    events = [Event("a.wav", "high", 2.0, 3.5, 0.9)]
    with use(language):
        view = picture_view(picture_of(overview(), events))
    assert f'aria-label="{play}' in view
    assert 'data-from="2.000" data-until="3.500"' in view
    assert "left:25.000%;width:18.750%" in view


def test_the_telling_part_is_marked() -> None:
    with use("en"):
        assert '<mark style="left:50.000%;width:25.000%">' in picture_view(
            picture_of(overview()), (4.0, 6.0)
        )
        assert "<mark" not in picture_view(picture_of(overview()))


def test_labels_are_only_text() -> None:
    events = [Event(HOSTILE, HOSTILE, 2.0, 3.5, 0.9)]
    with use("en"):
        view = picture_view(picture_of(overview(("a", HOSTILE)), events))
    assert HOSTILE not in view
    assert "&lt;img src=x onerror=&quot;" in view


def test_nothing_can_be_drawn_of_nothing() -> None:
    with use("en"):
        view = picture_view(Picture(0.0, palette_png(np.zeros((1, 1), np.uint8))))
    assert "as-spectrogram" in view


@given(st.floats(0, 400_000))
def test_the_clock_tells_the_time(seconds: float) -> None:
    parts = clock(seconds).split(":")
    assert all(float(part) < 60 for part in parts[-2:])
    told = sum(float(part) * 60**place for place, part in enumerate(reversed(parts)))
    assert told == pytest.approx(seconds, abs=0.051)


def test_the_clock_as_people_write_it() -> None:
    assert [clock(59.96), clock(3723.44), clock(75.0, fine=False)] == [
        "1:00.0",
        "1:02:03.4",
        "1:15",
    ]
