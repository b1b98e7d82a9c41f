"""Examples as the user gives them: a folder for each label, a table, or recordings by label."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anysound.audio import Recording, recording_name
from anysound.audio.remote import is_url
from anysound.audio.source import open_source
from anysound.batch.walk import find_recordings
from anysound.errors import RecordingError, UsageError
from anysound.evaluation.table import normal, read_table
from anysound.evaluation.truth import NONE_WORDS, Truth, find_truth
from anysound.labels import LabelSet, read_labels
from anysound.language import Text, counted

_SHOWN = 5
_BLOCK = 1 << 16
_ANSWERS = {"verdict", "probability"}  # columns that a model fills


@dataclass(frozen=True)
class Sample:
    """A recording to learn from, as it was given.

    Attributes:
        name: What messages call it.
        recording: Where it is, or the recording itself.
        label: As the user wrote it; empty, or ``none``, is background.
        group: Samples of one group, of one session perhaps, are kept together; one without is a
            group by itself.
    """

    name: str
    recording: Recording
    label: str
    group: str = ""


@dataclass(frozen=True)
class Given:
    """What is to be learnt from: all that can be known without a model.

    Attributes:
        labels: What is taught, by phrases so far.
        samples: The recordings.
        truth: The label of each; None is background.
        notes: What the user should know about them.
        contradictory: Recordings that stand under two labels, and were left out.
    """

    labels: LabelSet
    samples: tuple[Sample, ...]
    truth: Truth
    notes: tuple[Text, ...]
    contradictory: tuple[Text, ...]


def gather(
    examples: Path | Mapping[str, Sequence[Recording]],
    labels: LabelSet | None,
    background: Path | Sequence[Recording] | None,
    most: int,
) -> Given:
    """Find the examples, and which label each is of.

    Args:
        examples: A folder with a folder for each label; a table of recordings with their labels
            as ``anysound eval`` and ``anysound review`` have it; or recordings by label.
        labels: Phrases for the labels; None takes the names for phrases.
        background: A folder of sounds that are none of the labels, or the sounds.
        most: Recordings of a label that are taken at most.

    Raises:
        UsageError: There is nothing to be learnt from, or it fits no label.
    """
    notes: list[Text] = []
    shown = str(examples if isinstance(examples, Path) else Text(en="The examples", zh="示例"))
    samples = _of_labels(examples, background, notes)
    if isinstance(background, Path):
        samples += _below(background, "", background.name)
    elif background is not None:
        samples += _handed_over(background, "", str(Text(en="background", zh="背景")))
    return given_by(samples, labels, most, shown, notes)


def given_by(
    samples: list[Sample],
    labels: LabelSet | None,
    most: int,
    shown: str,
    said: Sequence[Text] = (),
) -> Given:
    """Find which label each of the examples is of.

    Args:
        samples: The examples.
        labels: As for ``gather``.
        most: Recordings of a label that are taken at most.
        shown: What messages call the examples.
        said: What the user should know already.

    Raises:
        UsageError: There is nothing to be learnt from, or it fits no label.
    """
    notes = list(said)
    if labels is None:
        labels = _named_after(samples, shown)
    _check_known(samples, labels)
    truth = find_truth([sample.label for sample in samples], labels, "", {})
    samples, truth, contradictory = _without_repeats(samples, truth, notes)
    samples, truth = _at_most(samples, truth, labels, most, notes)
    _check_enough(labels, truth, shown)
    untaught = [label.name for index, label in enumerate(labels) if index not in truth]
    if untaught:
        notes.append(
            Text(
                en=f"No recordings of these labels, which stay as they are: {', '.join(untaught)}.",
                zh=f"这些标签没有示例录音，保持不变：{'、'.join(untaught)}。",
            )
        )
    return Given(labels, tuple(samples), truth, tuple(notes), tuple(contradictory))


def _of_labels(
    examples: Path | Mapping[str, Sequence[Recording]],
    background: Path | Sequence[Recording] | None,
    notes: list[Text],
) -> list[Sample]:
    if isinstance(examples, Mapping):
        return [
            sample
            for label, recordings in examples.items()
            for sample in _handed_over(recordings, label, label)
        ]
    if examples.is_dir():
        return _of_folders(examples, background if isinstance(background, Path) else None, notes)
    table = read_table(examples)
    if set(table.columns) >= _ANSWERS:
        raise _own_guesses(examples)
    return [Sample(row.recording, row.path, row.label, row.group) for row in table.rows]


def _own_guesses(table: Path) -> UsageError:
    return UsageError(
        Text(
            en=f"{table}: the labels in this table are the model's own answers, from which it "
            "would learn nothing but its mistakes; what a person says is missing. Give the right "
            f"labels with `anysound review {table}`, and teach with the table that it writes. If "
            "you have corrected the column label by hand, delete the columns verdict and "
            "probability.",
            zh=f"{table}：表格中的标签是模型自己的判断，拿来学习只会重复它的错误；"
            "缺少由人给出的真实标签。"
            f"请先用 `anysound review {table}` 给出正确的标签，再用它写出的表格来教。"
            "如果您已亲手改正 label 列，请删去 verdict 和 probability 两列。",
        )
    )


def _handed_over(recordings: Sequence[Recording], label: str, shown: str) -> list[Sample]:
    """Name recordings that a program has: by their files, or by their place."""
    samples = []
    for number, recording in enumerate(recordings, start=1):
        name = recording_name(recording)
        own = str(number) if name.startswith("<") else Path(name).name
        samples.append(Sample(f"{shown}/{own}", recording, label))
    return samples


def _of_folders(folder: Path, background: Path | None, notes: list[Text]) -> list[Sample]:
    """List the recordings of each folder inside a folder, under its name."""
    samples: list[Sample] = []
    loose = find_recordings(folder, enters=lambda name: False).names
    apart = background.resolve() if background else None
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    for name in names:
        if name.startswith(".") or (folder / name).resolve() == apart:
            continue
        found = _below(folder / name, name, name)
        if not found:
            notes.append(
                Text(
                    en=f"{name}: there is no recording in this folder, so it is no label.",
                    zh=f"{name}：这个文件夹中没有录音，不作为标签。",
                )
            )
        samples += found
    if loose:
        notes.append(
            Text(
                en=f"Beside the labels' folders, and not used: {counted(len(loose), 'recording')} "
                f"({_listed(loose)}). Put each into the folder of its label.",
                zh=f"有 {len(loose)} 段录音不在任何标签的文件夹中，未使用"
                f"（{_listed(loose)}）：请放入相应标签的文件夹。",
            )
        )
    if not samples:
        raise UsageError(
            Text(
                en=f"{folder}: there are no examples in it. Make a folder for each label, named "
                "as the label, with recordings of it inside.",
                zh=f"{folder}：其中没有示例。请为每个标签建一个以标签命名的文件夹，"
                "把该声音的录音放进去。",
            )
        )
    return samples


def _below(folder: Path, label: str, shown: str) -> list[Sample]:
    names = find_recordings(folder).names
    # A folder inside that can't be looked into is among the names, and fails when it is read.
    return [Sample(f"{shown}/{name}", folder / name, label) for name in names]


def _named_after(samples: Sequence[Sample], examples: str) -> LabelSet:
    names = dict.fromkeys(each.label for each in samples if normal(each.label) not in NONE_WORDS)
    if not samples:
        raise UsageError(
            Text(en=f"{examples}: there is no recording.", zh=f"{examples}：没有录音。")
        )
    if not names:
        raise UsageError(
            Text(
                en=f"{examples}: every recording there is said to hold none of the labels.",
                zh=f"{examples}：其中所有录音都标为不属于任何标签。",
            )
        )
    return read_labels([_entry(name) for name in names])


def _entry(name: str) -> dict[str, str]:
    """Return a label by the name of its folder, in which blanks may be underscores."""
    spaced = name.replace("_", " ").strip()
    return {"name": name, "phrases": spaced} if spaced != name and spaced else {"name": name}


def _check_known(samples: Sequence[Sample], labels: LabelSet) -> None:
    """Refuse recordings of what is no label."""
    known = NONE_WORDS | {normal(label.name) for label in labels}
    unknown = [
        name for name in dict.fromkeys(each.label for each in samples) if normal(name) not in known
    ]
    if unknown:
        names, own = _listed(unknown), _listed([label.name for label in labels])
        raise UsageError(
            Text(
                en=f"There are examples of what is no label: {names}. The labels are {own}; a "
                "label's folder, or its cell in the table, must have the label's name.",
                zh=f"有的示例不属于任何标签：{names}。现有标签是：{own}；"
                "文件夹名（或表格中的标签）必须与标签名称一致。",
            )
        )


def _without_repeats(
    samples: Sequence[Sample], truth: Truth, notes: list[Text]
) -> tuple[list[Sample], Truth, list[Text]]:
    """Leave out what is there again, and what is there under two labels."""
    same: dict[str, list[int]] = {}
    for index, sample in enumerate(samples):
        same.setdefault(_content(sample.recording) or f"unread {index}", []).append(index)
    kept: list[int] = []
    contradictory: list[Text] = []
    for indices in same.values():
        if len({truth[index] for index in indices}) == 1:
            kept.append(indices[0])
            continue
        names = " = ".join(samples[index].name for index in indices)
        contradictory.append(
            Text(
                en=f"The same recording stands under different labels and was left out: {names}. "
                "Keep it where it belongs.",
                zh=f"同一段录音放在了不同标签下，未使用：{names}。请只保留正确的一份。",
            )
        )
    repeated = sum(map(len, same.values())) - len(same)
    repeated -= sum(len(each) - 1 for each in same.values() if len({truth[i] for i in each}) > 1)
    if repeated:
        notes.append(
            Text(
                en=f"Repeated to the byte, and counted once: {counted(repeated, 'recording')}.",
                zh=f"有 {repeated} 段录音内容完全重复，只计一次。",
            )
        )
    kept.sort()
    return [samples[index] for index in kept], tuple(truth[at] for at in kept), contradictory


def _content(recording: Recording) -> str | None:
    """Return what stands for a recording's bytes; None if they can't be read here and again."""
    if isinstance(recording, tuple):
        return hashlib.sha256(np.asarray(recording[0]).tobytes()).hexdigest()
    if isinstance(recording, str) and is_url(recording):
        return None
    seekable = getattr(recording, "seekable", None)
    if seekable and not seekable():
        return None
    digest = hashlib.sha256()
    try:
        with ExitStack() as stack:
            file = open_source("", recording, stack)
            while block := file.read(_BLOCK):
                digest.update(block)
    except (RecordingError, OSError, ValueError):
        return None
    return digest.hexdigest()


def _at_most(
    samples: Sequence[Sample],
    truth: Truth,
    labels: LabelSet,
    most: int,
    notes: list[Text],
) -> tuple[list[Sample], Truth]:
    """Take so many of each label, spread evenly over the list: neighbours are often alike."""
    kept: list[int] = []
    counts = Counter(truth)
    for label, count in counts.items():
        indices = [index for index, each in enumerate(truth) if each == label]
        if label is not None and count > most:
            indices = [indices[at * count // most] for at in range(most)]
            name = labels[label].name
            notes.append(
                Text(
                    en=f"{name}: {most} of its {count} recordings are taken, spread evenly over "
                    "the list; --most takes more.",
                    zh=f"{name}：共 {count} 段录音，均匀选取其中 {most} 段；可用 --most 增加。",
                )
            )
        kept += indices
    kept.sort()
    return [samples[index] for index in kept], tuple(truth[at] for at in kept)


def _check_enough(labels: LabelSet, truth: Truth, examples: str) -> None:
    """Refuse a task with nothing to tell a label from."""
    if not any(each is not None for each in truth):
        raise UsageError(
            Text(
                en=f"{examples}: no recording of any label is left to learn from.",
                zh=f"{examples}：没有可供学习的标签录音。",
            )
        )
    if len(labels) < 2 and None not in truth:
        raise UsageError(
            Text(
                en="There is one label only, and nothing to tell it from: add a folder for "
                "another label, or sounds that are none of them with --background FOLDER.",
                zh="只有一个标签，没有可对比的声音：请再加一个标签的文件夹，"
                "或用 --background 文件夹 给出不属于它的声音。",
            )
        )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown}, …" if len(names) > _SHOWN else shown
