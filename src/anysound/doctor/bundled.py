"""The bundled model, asked about a sound that is made here."""

import time
from typing import TYPE_CHECKING, Any

from anysound.doctor.check import Check, DoctorOptions
from anysound.language import Text
from anysound.sounds import RATE, alarm

if TYPE_CHECKING:
    from anysound.classifier import Classifier

_QUESTIONS = {
    "smoke alarm beeping, dog barking, rain": "smoke alarm beeping",
    "狗叫声, 烟雾报警器, 下雨声": "烟雾报警器",
}
"""Labels, and the one that is right."""

_TIMES = 5  # the fastest counts: what else the machine does takes time, too


def bundled(_: DoctorOptions) -> Check:
    """See whether the model loads, and knows a smoke alarm in both languages."""
    from anysound.classifier import Classifier

    begun = time.monotonic()
    classifier = Classifier("bundled")
    loaded = time.monotonic()
    answers = {labels: classifier.classify((alarm(), RATE), labels) for labels in _QUESTIONS}
    took = [_seconds(classifier) for _ in range(_TIMES)]
    revision = classifier.model.info.revision
    facts: dict[str, Any] = {
        "revision": revision,
        "load_seconds": round(loaded - begun, 3),
        "answer_seconds": round(min(took), 4),
        "answers": {labels: answer.label for labels, answer in answers.items()},
        "verdicts": {labels: answer.verdict for labels, answer in answers.items()},
    }
    is_right = all(
        answers[labels].label == right and answers[labels].verdict == "match"
        for labels, right in _QUESTIONS.items()
    )
    load, answer = facts["load_seconds"], 1000 * min(took)
    if is_right:
        text = Text(
            f"revision {revision} knows a smoke alarm in English and Chinese; loaded in "
            f"{load:.1f} s, answers four seconds of sound in {answer:.0f} ms",
            f"版本 {revision}，中英文标签都能认出烟雾报警器；加载 {load:.1f} 秒，"
            f"识别 4 秒声音用时 {answer:.0f} 毫秒",
        )
        return Check("bundled", "ok", text, facts=facts)
    heard = ", ".join(f"{answer.label} ({answer.verdict})" for answer in answers.values())
    return Check(
        "bundled",
        "fail",
        Text(f"It takes a smoke alarm for: {heard}", f"它把烟雾报警器听成：{heard}"),
        Text(
            "Its files or the libraries it runs on are damaged: pip install --force-reinstall "
            "anysound.",
            "模型文件或运行库已损坏，请重新安装：pip install --force-reinstall anysound。",
        ),
        facts,
    )


def _seconds(classifier: "Classifier") -> float:
    """Return how long an answer takes."""
    begun = time.monotonic()
    classifier.classify((alarm(), RATE), next(iter(_QUESTIONS)))
    return time.monotonic() - begun
