"""From a table to measures, with a model that hears frequencies."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from anysound.classifier import Classifier
from anysound.errors import LabelError, UsageError
from anysound.evaluation import Evaluation, EvaluationOptions, Share, confusions, evaluate, plan
from anysound.models import Embeddings, Waveform
from tests.evaluation.making import LABELS, write_table
from tests.fakes import FakeModel

NAMES = ("low", "low", "middle", "high", "", "")


def measured(table: Path, *labels: str, **options: object) -> Evaluation:
    chosen = EvaluationOptions(table, labels or (LABELS,), **options)  # type: ignore[arg-type]
    return evaluate(Classifier(FakeModel()), plan(chosen))


def test_all_right(tmp_path: Path) -> None:
    (report,) = measured(write_table(tmp_path, NAMES)).reports
    assert report.accuracy == Share(4, 4)
    assert report.mean_recall == 1.0
    assert report.confusion.tolist() == [[2, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert report.verdicts.match_right == Share(4, 4)
    assert report.verdicts.wrongly_none == Share(0, 4)
    assert report.verdicts.rightly_none == Share(2, 2)
    assert confusions(report, 5) == []


def test_wordings_side_by_side(tmp_path: Path) -> None:
    worse = "low=1000 Hz, middle=250 Hz, high=4000 Hz"
    evaluation = measured(write_table(tmp_path, NAMES), LABELS, worse)
    assert [each.accuracy for each in evaluation.reports] == [Share(4, 4), Share(1, 4)]
    (comparison,) = evaluation.comparisons
    assert (comparison.only_first, comparison.only_second) == (3, 0)
    assert comparison.p_value == pytest.approx(0.25)
    assert confusions(evaluation.reports[1], 1) == [("low", "middle", 2)]


def test_true_labels_that_only_one_set_has_under_another_name(tmp_path: Path) -> None:
    mapped = ("middle=medium", "high=none")
    evaluation = measured(
        write_table(tmp_path, NAMES), LABELS, "low=250 Hz, medium=1000 Hz", mapped=mapped
    )
    assert [each.accuracy for each in evaluation.reports] == [Share(4, 4), Share(3, 3)]
    assert evaluation.reports[1].verdicts.rightly_none == Share(3, 3)
    assert evaluation.comparisons[0].only_first == 0


class Counting(FakeModel):
    """Counts what it hears."""

    def __init__(self) -> None:
        self.heard = 0

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        self.heard += len(waveforms)
        return super().embed_audio(waveforms)


def test_each_recording_is_heard_once(tmp_path: Path) -> None:
    model = Counting()
    chosen = EvaluationOptions(
        write_table(tmp_path, NAMES), (LABELS, LABELS), templates=("a {}",), workers=2
    )
    assert len(evaluate(Classifier(model), plan(chosen)).reports) == 4
    assert model.heard == len(NAMES)


def test_failed_recordings_are_told_and_not_lost(tmp_path: Path) -> None:
    table = write_table(tmp_path, NAMES)
    (tmp_path / "1.wav").unlink()
    (tmp_path / "3.wav").write_text("no sound")
    seen: list[tuple[int, int]] = []
    chosen = EvaluationOptions(table, (LABELS,))
    evaluation = evaluate(
        Classifier(FakeModel()), plan(chosen), lambda done, total: seen.append((done, total))
    )
    assert [each.row.recording for each in evaluation.failed] == ["1.wav", "3.wav"]
    assert str(tmp_path) not in str(evaluation.failed[0].error)
    assert evaluation.reports[0].accuracy == Share(2, 2)
    assert seen == [(n, 6) for n in range(7)]


def test_all_failed(tmp_path: Path) -> None:
    table = write_table(tmp_path, NAMES)
    for path in tmp_path.glob("*.wav"):
        path.unlink()
    evaluation = measured(table, suggest=True, fit=True)
    assert len(evaluation.failed) == 6
    assert evaluation.reports[0].accuracy.value is None
    assert evaluation.fit is None
    assert evaluation.unfitted is not None
    assert evaluation.suggestion is not None
    assert not evaluation.suggestion.is_better
    evaluation.to_dict()


def test_workers_change_nothing(tmp_path: Path) -> None:
    table = write_table(tmp_path, NAMES)
    assert measured(table, workers=1).asked == measured(table, workers=3).asked


@pytest.mark.parametrize("names", [("low",), ("low", "low"), ("",)])
def test_one_class_or_none(tmp_path: Path, names: tuple[str, ...]) -> None:
    evaluation = measured(write_table(tmp_path, names), suggest=True, fit=True)
    assert evaluation.reports[0].accuracy.total == sum(map(bool, names))
    assert evaluation.unfitted is not None


def test_what_makes_no_sense_together(tmp_path: Path) -> None:
    table = write_table(tmp_path)
    for options in (
        {"labels": ()},
        {"labels": (LABELS, LABELS), "suggest": True},
        {"labels": (LABELS, LABELS), "fit": True},
        {"labels": (LABELS,), "templates": ("a {}",), "fit": True},
    ):
        with pytest.raises(UsageError):
            EvaluationOptions(table, **options)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        plan(EvaluationOptions(table, ("low=250 Hz, high=4000 Hz",)))
    with pytest.raises(LabelError):
        plan(EvaluationOptions(table, ("low=",)))
