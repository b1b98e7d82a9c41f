"""An evaluation with the model that ships says what classifying one by one would say."""

from pathlib import Path

import numpy as np

from anysound import Classifier
from anysound.evaluation import Evaluation, EvaluationOptions, evaluate, plan
from tests.fakes import RATE, tone, wav_file

LABEL_SETS = (
    "白噪声, telephone busy tone, 狗叫声",
    "白噪声=hiss, telephone busy tone=beeping, 狗叫声=hound",
)


def write_sounds(folder: Path) -> Path:
    """Write noises and busy tones of several levels and pitches, and the table."""
    rng = np.random.default_rng(7)
    lines = ["录音;标签"]
    for number in range(5):
        noise = rng.normal(0, 0.02 * (number + 1), 2 * RATE).clip(-1, 1)
        on = (np.arange(3 * RATE) // (RATE // 2)) % 2 == 0
        busy = on * (tone(470 + 5 * number, 3.0) + tone(620, 3.0)) / 2
        for name, sound in (("白噪声", noise), ("telephone busy tone", busy)):
            (folder / f"{name} {number}.wav").write_bytes(wav_file(sound))
            lines.append(f"{name} {number}.wav;{name}")
    path = folder / "答案.csv"
    path.write_bytes("\r\n".join(lines).encode("gbk"))
    return path


def measured(table: Path, *label_sets: str, **options: object) -> Evaluation:
    chosen = EvaluationOptions(table, label_sets, **options)  # type: ignore[arg-type]
    return evaluate(Classifier("bundled", threads=1), plan(chosen))


def test_measures_are_of_what_classify_answers(tmp_path: Path) -> None:
    evaluation = measured(write_sounds(tmp_path), *LABEL_SETS, workers=2)
    assert not evaluation.failed
    clf = Classifier("bundled", threads=1)
    for number, labels in enumerate(LABEL_SETS):
        report = evaluation.reports[number]
        answers = [clf.classify(each.row.path, labels) for each in evaluation.asked]
        for each, answer in zip(evaluation.asked, answers, strict=True):
            given = each.answers[number]
            assert report.names[given.label] == answer.label
            assert (given.probability, given.margin) == (answer.probability, answer.margin)
            assert given.verdict == answer.verdict
        right = sum(a.label == e.row.label for a, e in zip(answers, evaluation.asked, strict=True))
        assert (report.accuracy.count, report.accuracy.total) == (right, 10)


def test_a_suggestion_and_a_fit_are_the_same_every_time(tmp_path: Path) -> None:
    table = write_sounds(tmp_path)
    once = measured(table, LABEL_SETS[1], suggest=True, fit=True, workers=1)
    again = measured(table, LABEL_SETS[1], suggest=True, fit=True, workers=2)
    assert once.to_dict() == again.to_dict()
    assert once.suggestion is not None
    assert once.suggestion.too_few == ("狗叫声",)
    assert once.suggestion.folds == 5
    assert once.fit is not None
