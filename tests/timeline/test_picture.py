"""Pictures of recordings, whose text is text or else is told."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from anysound.errors import MissingExtraError, OutputError, UsageError
from anysound.language import use
from anysound.timeline import Event
from anysound.timeline.overview import Overview, OverviewMaker
from anysound.timeline.picture import check_picture, write_picture
from tests.batch.making import names_in
from tests.fakes import tone

pytest.importorskip("matplotlib")

RATE = 16_000
SVG = "{http://www.w3.org/2000/svg}"


def overview_of(labels: list[str], seconds: int = 10, recording: str = "kitchen.m4a") -> Overview:
    maker = OverviewMaker(recording, labels, RATE)
    for second in range(seconds):
        maker.add_waveform(tone(1000, 1.0))
        maker.add_scores(second + 0.5, np.linspace(0.9, 0.1, len(labels)) * (second % 2))
    return maker.overview()


def texts(output: Path) -> list[str]:
    return [each.text or "" for each in ET.parse(output).iter(f"{SVG}text")]


def test_text_is_text_in_svg(tmp_path: Path) -> None:
    output = tmp_path / "out.svg"
    with use("zh"):
        warnings = write_picture(overview_of(["狗叫", "$x^2$ & <b>"], 10, "厨房.m4a"), [], output)
    assert warnings == []
    found = texts(output)
    assert {"狗叫", "$x^2$ & <b>", "厨房.m4a", "得分", "事件", "时间（秒）"} <= set(found)
    assert "0.5" in found


def test_png_is_a_picture(tmp_path: Path) -> None:
    output = tmp_path / "OUT.PNG"
    with use("en"):
        assert write_picture(overview_of(["dog"]), [], output) == []
    content = output.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    assert width > height > 600


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_same_recording_gives_the_same_picture(tmp_path: Path, ending: str) -> None:
    pictures = [tmp_path / f"{name}.{ending}" for name in "ab"]
    for picture in pictures:
        write_picture(overview_of(["a", "b"]), [Event("x", "a", 1, 2, 0.9)], picture)
    assert pictures[0].read_bytes() == pictures[1].read_bytes()


def test_the_best_eight_labels_are_shown_in_the_users_order(tmp_path: Path) -> None:
    labels = [f"label {letter}" for letter in "jihgfedcba"]  # the first have the highest scores
    output = tmp_path / "out.svg"
    with use("en"):
        write_picture(overview_of(labels), [], output)
    found = texts(output)
    assert [text for text in found if text.startswith("label")] == labels[:8]
    assert "kitchen.m4a (the best 8 of 10 labels)" in found


def test_events_are_bars_in_their_labels_colour(tmp_path: Path) -> None:
    overview = overview_of(["dog", "cat"])
    events = [Event("x", "cat", 1.0, 3.5, 0.9), Event("x", "not shown", 1.0, 2.0, 0.9)]
    without, with_one = tmp_path / "without.svg", tmp_path / "with.svg"
    write_picture(overview, [], without)
    write_picture(overview, events, with_one)
    blue, red = (f"fill: {colour}; stroke: {colour}" for colour in ("#1f77b4", "#d62728"))
    assert red not in without.read_text()
    assert with_one.read_text().count(red) == 1
    assert blue not in with_one.read_text()


def test_a_font_that_lacks_a_labels_characters_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anysound.drawing.fonts._CHINESE", ())  # as if none were installed
    numbered, english = tmp_path / "numbered.png", tmp_path / "english.png"
    with use("zh"):
        overview = overview_of(["dog", "狗叫", "雨"], recording="街道.wav")
        (warning,) = write_picture(overview, [], numbered)
    assert "label 2 = 狗叫, label 3 = 雨" in warning.en
    assert "狗叫雨街道" in warning.zh
    with use("en"):
        write_picture(overview_of(["dog", "label 2", "label 3"], recording=""), [], english)
    assert numbered.read_bytes() == english.read_bytes()  # so no box is in it


def test_a_font_that_has_them_is_used(tmp_path: Path) -> None:
    from anysound.drawing import undrawable

    if undrawable("狗叫街道得分"):
        pytest.skip("no Chinese font is installed")
    with use("zh"):
        overview = overview_of(["狗叫"], recording="街道.wav")
        assert write_picture(overview, [], tmp_path / "out.png") == []


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1, {"0", "0.5", "time (s)"}), (200, {"3:00", "time (min:s)"})],
)
def test_times_are_as_clocks_show_them(tmp_path: Path, seconds: int, expected: set[str]) -> None:
    output = tmp_path / "out.svg"
    with use("en"):
        write_picture(overview_of(["a"], seconds), [], output)
    assert expected <= set(texts(output))


def test_hours(tmp_path: Path) -> None:
    overview = Overview(
        recording="night.flac",
        duration=36_000.0,
        spectrogram=np.full((1000, 64), -40, np.float32),
        column_seconds=36.0,
        frequencies=np.geomspace(50, 14_000, 64),
        labels=("owl",),
        times=np.arange(0.0, 36_000, 36),
        scores=np.full((1000, 1), 0.4),
    )
    output = tmp_path / "out.svg"
    with use("en"):
        write_picture(overview, [], output)
    assert {"0:00:00", "10:00:00", "time (h:min:s)"} <= set(texts(output))


@pytest.mark.parametrize("count", [0, 1, 45])
def test_any_number_of_labels_with_any_names(tmp_path: Path, count: int) -> None:
    labels = [f"{number} {'很长的标签' * 10 * number}" for number in range(count)]
    output = tmp_path / "out.svg"
    write_picture(overview_of(labels), [], output)
    assert sum("很长的标签" in text for text in texts(output)) == max(min(count, 8) - 1, 0)


def test_a_recording_too_short_for_a_score(tmp_path: Path) -> None:
    maker = OverviewMaker("blip.wav", ["dog"], RATE)
    maker.add_waveform(tone(1000, 0.01))
    write_picture(maker.overview(), [], tmp_path / "out.svg")
    assert "blip.wav" in texts(tmp_path / "out.svg")


def test_other_endings_are_refused(tmp_path: Path) -> None:
    for name in ("out.pdf", "out", "png"):
        with pytest.raises(UsageError, match=r"\.png or \.svg"):
            check_picture(tmp_path / name)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="can't be written"):
        write_picture(overview_of(["dog"]), [], tmp_path / "no" / "out.svg")
    assert names_in(tmp_path) == []


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
    with pytest.raises(MissingExtraError, match=r"anysound\[plot\]"):
        check_picture(tmp_path / "out.png")


def test_the_global_state_of_matplotlib_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)  # it isn't imported
    for ending in ("png", "svg"):
        write_picture(overview_of(["dog"]), [], tmp_path / f"out.{ending}")
    assert dict(matplotlib.rcParams) == before
