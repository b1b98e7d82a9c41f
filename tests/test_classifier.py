from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anysound import Classifier, LabelError, RecordingError
from anysound.language import use
from anysound.models import Calibration
from anysound.scoring import Thresholds
from tests.fakes import RATE, FakeModel, tone, wav_file

LABELS = "1000 Hz, 250 Hz, 4000 Hz"


@pytest.fixture
def classifier() -> Classifier:
    return Classifier(FakeModel())


def test_names_what_is_heard(classifier: Classifier, tmp_path: Path) -> None:
    path = tmp_path / "beep.wav"
    path.write_bytes(wav_file(tone(250)))
    result = classifier.classify(path, LABELS)
    assert (result.label, result.verdict) == ("250 Hz", "match")
    assert result.recording == str(path)
    assert result.duration == pytest.approx(1.0, abs=0.01)
    assert result.scores[0].label == "250 Hz"
    assert result.probability == result.scores[0].probability
    assert result.margin == pytest.approx(
        result.scores[0].probability - result.scores[1].probability
    )
    assert sum(score.probability for score in result.scores) == pytest.approx(1.0, abs=1e-12)


def test_similarity_is_the_cosine(classifier: Classifier) -> None:
    recording = (tone(1000), RATE)
    audio = classifier.embed_audio([recording])
    text = classifier.embed_text(["1000 Hz"])
    score = classifier.classify(recording, "1000 Hz, 250 Hz").scores[0]
    assert score.similarity == pytest.approx(float(audio[0] @ text[0]), abs=1e-6)


def test_a_label_is_the_mean_direction_of_its_phrases(classifier: Classifier) -> None:
    result = classifier.classify((tone(1000), RATE), "beep=1000 Hz|250 Hz, low=250 Hz")
    assert result.scores[0].label == "beep"
    assert result.scores[0].similarity == pytest.approx(np.sqrt(0.5), abs=1e-2)
    assert result.scores[0].phrases == ("1000 Hz", "250 Hz")


def test_weight_is_a_prior(classifier: Classifier) -> None:
    result = classifier.classify((tone(1000), RATE), "a=250 Hz*3, b=4000 Hz")
    assert result.scores[0].probability == pytest.approx(0.75, abs=0.01)


def test_nothing_fits_is_none_and_a_tie_is_ambiguous(classifier: Classifier) -> None:
    assert classifier.classify((tone(1000), RATE), "250 Hz, 4000 Hz").verdict == "none"
    both = (tone(1000) + tone(250), RATE)
    assert classifier.classify(both, "250 Hz, 1000 Hz").verdict == "ambiguous"


def test_a_lone_label_has_the_whole_probability(classifier: Classifier) -> None:
    result = classifier.classify((tone(1000), RATE), "1000 Hz")
    assert (result.probability, result.margin) == (1.0, 1.0)


def test_a_long_recording_is_heard_to_its_end(classifier: Classifier) -> None:
    waveform = np.concatenate([tone(250, 20.0), tone(4000, 1.0)])
    result = classifier.classify((waveform, RATE), LABELS)
    assert result.analysed == ((0.0, 21.0),)
    assert {score.label for score in result.scores[:2]} == {"250 Hz", "4000 Hz"}


def test_groups_and_which_is_clear(classifier: Classifier) -> None:
    result = classifier.classify(
        (tone(1000), RATE), "pump(worn)=1000 Hz, pump(new)=1000 Hz, fan(a)=250 Hz, fan(b)=250 Hz"
    )
    assert (result.verdict, result.clear_group) == ("ambiguous", "pump")
    answer = result.to_dict()
    assert [group["group"] for group in answer["groups"]] == ["pump", "fan"]
    assert answer["groups"][0]["labels"] == ["pump(worn)", "pump(new)"]
    assert sum(group["probability"] for group in answer["groups"]) == pytest.approx(1.0)
    assert answer["clear_group"] == "pump"


def test_same_bits_alone_or_among_others(classifier: Classifier, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noises = [rng.uniform(-0.5, 0.5, int(rng.integers(4000, 120_000))) for _ in range(12)]
    paths = [tmp_path / f"{number}.wav" for number in range(len(noises))]
    for path, noise in zip(paths, noises, strict=True):
        path.write_bytes(wav_file(noise))
    alone = [Classifier(FakeModel()).classify(path, LABELS).to_dict() for path in paths]
    in_order = [classifier.classify(path, LABELS).to_dict() for path in paths]
    backwards = [classifier.classify(path, LABELS).to_dict() for path in reversed(paths)]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda path: classifier.classify(path, LABELS).to_dict(), paths))
    assert alone == in_order == backwards[::-1] == at_once


def test_the_json_contract(classifier: Classifier) -> None:
    with use("zh"):
        answer = classifier.classify((np.zeros(RATE, np.float32), RATE), LABELS).to_dict()
    assert list(answer) == [
        "recording",
        "duration",
        "model",
        "revision",
        "precision",
        "verdict",
        "label",
        "probability",
        "margin",
        "needed",
        "scores",
        "groups",
        "clear_group",
        "advice",
        "analysed",
        "telling",
        "warnings",
        "hint",
    ]
    assert list(answer["scores"][0]) == [
        *("label", "probability", "similarity", "phrases", "span", "avoided")
    ]
    assert (answer["scores"][0]["span"], answer["scores"][0]["avoided"]) == (None, [])
    assert (answer["groups"], answer["clear_group"]) == ([], None)
    assert any("没有声音" in warning for warning in answer["warnings"])
    assert answer["verdict"] == "none"


def test_a_long_recording_names_the_window_that_speaks_most(classifier: Classifier) -> None:
    quiet = np.zeros(6 * RATE, np.float32)
    waveform = np.concatenate([quiet, tone(250, 1.0), quiet, tone(1000, 0.3), quiet])
    result = classifier.classify((waveform, RATE), "1000 Hz, 4000 Hz")
    assert result.label == "1000 Hz"
    assert result.telling
    assert result.telling[0] <= 13.0 < 13.3 <= result.telling[1]
    assert result.to_dict()["telling"] == list(result.telling)
    placed = classifier.classify((waveform, RATE), "1000 Hz(last 8 s), 250 Hz(first 8 s)")
    assert placed.telling
    assert placed.telling[1] - placed.telling[0] == 2.0


def test_a_short_recording_is_told_by_all_of_it(classifier: Classifier) -> None:
    assert classifier.classify((tone(250), RATE), LABELS).telling is None
    waveform = np.concatenate([np.zeros(6 * RATE, np.float32), tone(250, 1.0)])
    assert classifier.classify((waveform, RATE), "250 Hz(last 0.5 s)").telling is None


def test_bad_input_is_refused_in_words(classifier: Classifier, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="nowhere"):
        classifier.classify(tmp_path / "nowhere.wav", LABELS)
    with pytest.raises(LabelError):
        classifier.classify((tone(1000), RATE), "  , ")


def test_embeddings_of_nothing(classifier: Classifier) -> None:
    assert classifier.embed_audio([]).shape == (0, 6)
    assert classifier.embed_text([]).shape == (0, 6)


def test_phrases_without_end_do_not_fill_the_memory(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anysound.reading._PHRASES_KEPT", 3)
    first = classifier.classify((tone(1000), RATE), "1000 Hz, 250 Hz, 4000 Hz, 125 Hz, 500 Hz")
    assert len(classifier._reader._known) <= 3
    assert (
        classifier.classify((tone(1000), RATE), [s.label for s in first.scores]).label == "1000 Hz"
    )


def test_thresholds_of_ones_own() -> None:
    strict = Thresholds(none_below=0.999, ambiguous_within=0.0, model="", revision="")
    wide = Thresholds(none_below=-1.0, ambiguous_within=1.0, model="", revision="")
    sound = (tone(1000) + tone(4000), RATE)
    assert Classifier(FakeModel()).classify(sound, LABELS).verdict != "none"
    assert Classifier(FakeModel(), thresholds=strict).classify(sound, LABELS).verdict == "none"
    assert Classifier(FakeModel(), thresholds=wide).classify(sound, LABELS).verdict == "ambiguous"


def test_a_label_is_ranked_among_labels_of_other_sounds() -> None:
    class Ranking(FakeModel):
        info = replace(FakeModel.info, calibration=Calibration(10.0, -1.0, 0.0, none_rank=0.5))

    classifier = Classifier(Ranking())
    fits = classifier.classify((tone(1000), RATE), "1000 Hz, 4000 Hz")
    assert fits.verdict == "match"
    # Other labels lie between all octaves, nearer to this tone than octaves that aren't heard.
    misses = classifier.classify((tone(1000), RATE), "125 Hz, 4000 Hz")
    assert misses.verdict == "none"
    assert misses.needed > (misses.scores[0].similarity or 0.0)


def test_what_is_too_close_to_call_comes_with_advice(classifier: Classifier) -> None:
    both = (tone(1000) + tone(4000), RATE)
    plain = classifier.classify(both, "low=1000 Hz, high=4000 Hz")
    assert plain.verdict == "ambiguous"
    assert plain.advice
    assert "low(short, high-pitched)" in plain.advice.en
    assert "0.00 alike" in plain.advice.en
    one = classifier.classify(both, "hum(deep)=1000 Hz, high=4000 Hz")
    assert one.advice
    assert one.advice.en.startswith("hum(deep) says in brackets")
    clear = classifier.classify((tone(1000), RATE), "low=1000 Hz, high=4000 Hz")
    assert clear.advice is None
