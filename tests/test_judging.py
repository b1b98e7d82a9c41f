"""Places in time and phrases to avoid, from a recording's sound to its scores."""

from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
import pytest

from anysound import Classification, Classifier, LabelError, Score
from anysound.language import use
from anysound.models import Embeddings, Waveform
from tests.fakes import RATE, FakeModel, tone, wav_file

QUIET = 1e-3


@pytest.fixture
def classifier() -> Classifier:
    return Classifier(FakeModel())


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use("en"):
        yield


def hum_then_beep(hum: float = 9.0, beep: float = 1.0) -> np.ndarray:
    return np.concatenate([tone(250, hum), tone(4000, beep)])


def score(result: Classification, label: str) -> Score:
    return next(score for score in result.scores if score.label == label)


# Places in time


def test_a_label_is_looked_for_in_its_place_only(classifier: Classifier) -> None:
    beep = "beep(last 1 s)=4000 Hz"
    at_end = classifier.classify((hum_then_beep(), RATE), f"{beep}, 1000 Hz")
    assert (at_end.label, at_end.verdict) == ("beep(last 1 s)", "match")
    assert at_end.scores[0].span == pytest.approx((9.0, 10.0))
    assert at_end.scores[0].similarity == pytest.approx(1.0, abs=0.01)
    assert at_end.scores[1].span is None
    at_start = classifier.classify((hum_then_beep()[::-1], RATE), f"{beep}, 250 Hz")
    assert (at_start.label, at_start.verdict) == ("250 Hz", "match")
    assert score(at_start, "beep(last 1 s)").similarity == pytest.approx(0.0, abs=0.05)
    assert score(at_start, "beep(last 1 s)").probability < 0.01


@pytest.mark.parametrize(
    ("place", "span"),
    [
        ("前 2 秒", (0.0, 2.0)),
        ("0:03-0:04.5", (3.0, 4.5)),
        ("0:08-1:00", (8.0, 10.0)),
        ("最后半秒", (9.5, 10.0)),
        ("at the end", (9.0, 10.0)),
        ("last 2 minutes", (0.0, 10.0)),
    ],
)
def test_the_result_says_where(
    classifier: Classifier, place: str, span: tuple[float, float]
) -> None:
    result = classifier.classify((tone(250, 10.0), RATE), f"a({place})=250 Hz")
    assert result.scores[0].span == span
    assert result.to_dict()["scores"][0]["span"] == list(span)
    assert result.analysed == (span,)  # nothing else was asked about
    assert (result.verdict, result.warnings) == ("match", ())


def test_others_still_see_the_whole(classifier: Classifier) -> None:
    recording = (hum_then_beep(), RATE)
    plain = classifier.classify(recording, "4000 Hz, 250 Hz, 1000 Hz")
    placed = classifier.classify(recording, "beep(last 1 s)=4000 Hz, 250 Hz, 1000 Hz")
    assert placed.analysed == plain.analysed == ((0.0, 10.0),)
    for name in ("250 Hz", "1000 Hz"):
        assert score(placed, name).similarity == score(plain, name).similarity
    odds = [
        score(r, "250 Hz").probability / score(r, "1000 Hz").probability for r in (plain, placed)
    ]
    assert odds[0] == pytest.approx(odds[1])


def test_all_in_one_place_is_that_place_alone(classifier: Classifier) -> None:
    last = classifier.classify(
        (hum_then_beep(), RATE), "a(last 1 s)=4000 Hz, b(last 1 s)=2000 Hz, c(last 1 s)=250 Hz"
    )
    alone = classifier.classify((tone(4000, 1.0), RATE), "a=4000 Hz, b=2000 Hz, c=250 Hz")
    for placed, plain in zip(last.scores, alone.scores, strict=True):
        assert placed.probability == pytest.approx(plain.probability, abs=1e-4)
        assert placed.similarity == pytest.approx(plain.similarity, abs=1e-4)


def test_a_long_place_is_cut_into_windows(classifier: Classifier) -> None:
    waveform = np.concatenate([tone(250, 20.0), tone(4000, 1.0), tone(250, 4.0)])
    result = classifier.classify((waveform, RATE), "beep(last 10 s)=4000 Hz, 1000 Hz")
    assert result.scores[0].span == (15.0, 25.0)
    assert result.label == "beep(last 10 s)"


def test_as_a_stream_as_a_file_and_as_samples(classifier: Classifier) -> None:
    labels = "a(last 1.3 s)=4000 Hz, b(0:01-0:07)=250 Hz, 1000 Hz, c(first 0.4 s)=500 Hz|!250 Hz"
    file = wav_file(hum_then_beep(9.2, 0.9))

    class Pipe:
        """Gives its bytes once, a few at a time."""

        def __init__(self) -> None:
            self._file = BytesIO(file)

        def read(self, size: int = -1) -> bytes:
            return self._file.read(min(size, 777) if size >= 0 else 777)

    read = classifier.classify(file, labels)
    piped = classifier.classify(Pipe(), labels)  # type: ignore[arg-type]
    assert piped.scores == read.scores
    again = Classifier(FakeModel()).classify(BytesIO(file), labels)
    assert again.scores == read.scores


def test_a_place_outside_the_recording(classifier: Classifier) -> None:
    recording = (tone(250, 3.0), RATE)
    result = classifier.classify(recording, "beep(0:10-0:15)=250 Hz, low=250 Hz, 4000 Hz")
    missing = result.scores[-1]
    assert (missing.label, missing.probability, missing.similarity) == (
        "beep(0:10-0:15)",
        0.0,
        None,
    )
    assert result.to_dict()["scores"][-1]["similarity"] is None
    (warning,) = result.warnings
    assert "3 s" in warning.en
    assert "beep(0:10-0:15)" in warning.en
    assert "3 秒" in warning.zh
    assert "beep(0:10-0:15)" in warning.zh
    without = classifier.classify(recording, "low=250 Hz, 4000 Hz")
    assert [s.probability for s in result.scores[:2]] == [s.probability for s in without.scores]


def test_all_outside_is_none(classifier: Classifier) -> None:
    for labels in ("a(0:10-0:15)=250 Hz", "a(0:10-0:15)=250 Hz, b(0:20-end)=250 Hz*3"):
        result = classifier.classify((tone(250, 3.0), RATE), labels)
        assert (result.verdict, result.label) == ("none", "a(0:10-0:15)")
        assert (result.probability, result.margin, result.analysed) == (0.0, 0.0, ())
        assert all(s.similarity is None for s in result.scores)


def test_a_silent_place(classifier: Classifier) -> None:
    waveform = np.concatenate([tone(250, 2.0), np.zeros(2 * RATE, np.float32)])
    result = classifier.classify((waveform, RATE), "beep(last 1 s)=250 Hz, low=250 Hz")
    assert (result.label, result.verdict) == ("low", "match")
    assert score(result, "beep(last 1 s)").similarity is None
    (warning,) = result.warnings
    assert "no sound in the part" in warning.en
    assert "beep(last 1 s)" in warning.en
    assert "没有声音" in warning.zh


def test_a_silent_recording_is_told_about_once(classifier: Classifier) -> None:
    result = classifier.classify((np.zeros(3 * RATE, np.float32), RATE), "a(last 1 s), b")
    assert result.verdict == "none"
    assert len(result.warnings) == 1


def test_the_verdict_is_on_the_best_labels_own_similarity(classifier: Classifier) -> None:
    result = classifier.classify(
        (hum_then_beep(), RATE), "a(last 1 s)=125 Hz * 1000000, b(first 2 s)=250 Hz"
    )
    assert (result.label, result.verdict) == ("a(last 1 s)", "none")


def test_a_place_too_far_from_the_end_is_refused(classifier: Classifier) -> None:
    with pytest.raises(LabelError, match="10 minutes"):
        classifier.classify((tone(250), RATE), "a(last 20 minutes)")


# Phrases to avoid


def test_what_a_label_is_not_lowers_it_and_it_alone(classifier: Classifier) -> None:
    mixture = (tone(1000) + tone(250), RATE)
    plain = classifier.classify(mixture, "beep=1000 Hz, 4000 Hz, 2000 Hz")
    avoiding = classifier.classify(mixture, "beep=1000 Hz|!250 Hz|!125 Hz, 4000 Hz, 2000 Hz")
    before, after = score(plain, "beep"), score(avoiding, "beep")
    assert before.similarity is not None
    assert after.similarity is not None
    # 250 Hz fits as well as the label: half of its odds.
    assert after.similarity == pytest.approx(before.similarity - np.log(2) / 10, abs=1e-3)
    assert after.avoided == ("250 Hz",)
    assert avoiding.to_dict()["scores"][0]["avoided"] == ["250 Hz"]
    for name in ("4000 Hz", "2000 Hz"):
        assert score(avoiding, name).similarity == score(plain, name).similarity
        assert score(avoiding, name).probability > score(plain, name).probability


def test_a_clean_sound_is_hardly_lowered(classifier: Classifier) -> None:
    plain = classifier.classify((tone(1000), RATE), "beep=1000 Hz, 4000 Hz")
    avoiding = classifier.classify((tone(1000), RATE), "beep=1000 Hz|!250 Hz, 4000 Hz")
    assert avoiding.probability == pytest.approx(plain.probability, abs=1e-6)
    assert avoiding.scores[0].avoided == ()


def test_the_verdict_sees_the_lowered_similarity(classifier: Classifier) -> None:
    mixture = (tone(1000) + tone(250), RATE)
    assert classifier.classify(mixture, "beep=1000 Hz").verdict == "match"
    result = classifier.classify(mixture, "beep=1000 Hz|!250 Hz|!loud hum of 250 Hz|!a 250 Hz hum")
    assert result.verdict == "none"
    assert result.label == "beep"


def test_what_is_avoided_elsewhere_in_the_recording_matters_little(classifier: Classifier) -> None:
    waveform = np.concatenate([tone(250, 10.0), tone(1000, 10.0)])
    plain = classifier.classify((waveform, RATE), "beep=1000 Hz, 4000 Hz")
    avoiding = classifier.classify((waveform, RATE), "beep=1000 Hz|!250 Hz, 4000 Hz")
    assert avoiding.probability == pytest.approx(plain.probability, abs=1e-3)


def test_an_avoided_phrase_is_listened_for_in_the_labels_place(classifier: Classifier) -> None:
    recording = (np.concatenate([tone(250, 4.0), tone(1000, 2.0)]), RATE)
    result = classifier.classify(recording, "beep(last 2 s)=1000 Hz|!250 Hz, 4000 Hz")
    assert result.scores[0].similarity == pytest.approx(1.0, abs=0.01)
    assert result.scores[0].avoided == ()


def test_a_negation_in_brackets_is_avoided(classifier: Classifier) -> None:
    result = classifier.classify((tone(250), RATE), "1000 Hz(没有 250 Hz), 2000 Hz")
    assert score(result, "1000 Hz(没有 250 Hz)").avoided == ("250 Hz",)


def test_windows_are_embedded_a_few_at_a_time_whatever_is_asked(classifier: Classifier) -> None:
    counts = []

    class Counting(FakeModel):
        def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
            counts.append(len(waveforms))
            return super().embed_audio(waveforms)

    waveform = tone(250, 100.0) + QUIET
    labels = "a(last 60 s), b(0:10-end), c(first 70 s), d"
    Classifier(Counting()).classify((waveform, RATE), labels)
    assert max(counts) <= 16
    assert sum(counts) == 59 + 89 + 69 + 99
