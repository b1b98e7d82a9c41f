"""Examples as the user gives them: a folder for each label, or a table."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anysound.batch.walk import find_recordings
from anysound.errors import UsageError
from anysound.evaluation.table import TrueRow, normal, read_table
from anysound.evaluation.truth import NONE_WORDS, Truth, find_truth
from anysound.labels import LabelSet, read_labels
from anysound.language import Text

_SHOWN = 5


@dataclass(frozen=True)
class Given:
    """What is to be learnt from: all that can be known without a model.

    Attributes:
        labels: What is taught, by phrases so far.
        rows: The recordings.
        truth: The label of each; None is background.
        notes: What the user should know about them.
        contradictory: Recordings that stand under two labels, and were left out.
    """

    labels: LabelSet
    rows: tuple[TrueRow, ...]
    truth: Truth
    notes: tuple[Text, ...]
    contradictory: tuple[Text, ...]


def gather(examples: Path, labels: LabelSet | None, background: Path | None, most: int) -> Given:
    """Find the examples, and which label each is of.

    Args:
        examples: A folder with a folder for each label, or a table of recordings with their labels
            as ``anysound eval`` and ``anysound review`` have it.
        labels: Phrases for the labels; None takes the names for phrases.
        background: A folder of sounds that are none of the labels.
        most: Recordings of a label that are taken at most.

    Raises:
        UsageError: There is nothing to be learnt from, or it fits no label.
    """
    notes: list[Text] = []
    if examples.is_dir():
        rows = _of_folders(examples, background, notes)
    else:
        rows = list(read_table(examples).rows)
    if background is not None:
        rows += _below(background, "", background.name)
    return given_by(rows, labels, most, str(examples), notes)


def given_by(
    rows: Sequence[TrueRow],
    labels: LabelSet | None,
    most: int,
    called: str,
    notes: Sequence[Text] = (),
) -> Given:
    """Find which label each of the examples is of.

    Args:
        rows: The examples; what is called ``none`` is background.
        labels: As for ``gather``.
        most: Recordings of a label that are taken at most.
        called: What the examples are called in messages.
        notes: What the user should know already.

    Raises:
        UsageError: There is nothing to be learnt from, or it fits no label.
    """
    said = list(notes)
    if labels is None:
        labels = _named_after(rows, called)
    truth = find_truth(rows, labels, str(Text(en="the label set", zh="标签集")), {})
    rows, truth, contradictory = _without_repeats(rows, truth, said)
    rows, truth = _at_most(rows, truth, labels, most, said)
    _check_enough(labels, truth, called)
    untaught = [label.name for index, label in enumerate(labels) if index not in truth]
    if untaught:
        said.append(
            Text(
                en=f"No recordings of these labels, which stay as they are: {', '.join(untaught)}.",
                zh=f"这些标签没有示例录音，保持不变：{'、'.join(untaught)}。",
            )
        )
    return Given(labels, tuple(rows), truth, tuple(said), tuple(contradictory))


def _of_folders(folder: Path, background: Path | None, notes: list[Text]) -> list[TrueRow]:
    """List the recordings of each folder inside a folder, under its name."""
    rows: list[TrueRow] = []
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
        rows += found
    if loose:
        notes.append(
            Text(
                en=f"{len(loose)} recordings lie beside the labels' folders and were not used "
                f"({_listed(loose)}): put each into the folder of its label.",
                zh=f"有 {len(loose)} 段录音不在任何标签的文件夹中，未使用"
                f"（{_listed(loose)}）：请放入相应标签的文件夹。",
            )
        )
    if not rows:
        raise UsageError(
            Text(
                en=f"{folder}: there are no examples in it. Make a folder for each label, named "
                "as the label, with recordings of it inside.",
                zh=f"{folder}：其中没有示例。请为每个标签建一个以标签命名的文件夹，"
                "把该声音的录音放进去。",
            )
        )
    return rows


def _below(folder: Path, label: str, shown: str) -> list[TrueRow]:
    names = find_recordings(folder).names
    # A folder inside that can't be looked into is among the names, and fails when it is read.
    return [TrueRow(f"{shown}/{name}", folder / name, label, "", 0) for name in names]


def _named_after(rows: Sequence[TrueRow], called: str) -> LabelSet:
    names = dict.fromkeys(row.label for row in rows if normal(row.label) not in NONE_WORDS)
    if not names:
        raise UsageError(
            Text(
                en=f"{called}: every recording there is said to hold none of the labels.",
                zh=f"{called}：其中所有录音都标为不属于任何标签。",
            )
        )
    return read_labels([_entry(name) for name in names])


def _entry(name: str) -> dict[str, str]:
    """Return a label by the name of its folder, in which blanks may be underscores."""
    spaced = name.replace("_", " ").strip()
    return {"name": name, "phrases": spaced} if spaced != name and spaced else {"name": name}


def _without_repeats(
    rows: Sequence[TrueRow], truth: Truth, notes: list[Text]
) -> tuple[list[TrueRow], Truth, list[Text]]:
    """Leave out what is there again, and what is there under two labels."""
    same: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        same.setdefault(_content(row) or f"unread {index}", []).append(index)
    kept: list[int] = []
    contradictory: list[Text] = []
    for indices in same.values():
        if len({truth[index] for index in indices}) == 1:
            kept.append(indices[0])
            continue
        names = " = ".join(rows[index].recording for index in indices)
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
                en=f"{repeated} recordings are there again, to the byte; each counts once.",
                zh=f"有 {repeated} 段录音内容完全重复，只计一次。",
            )
        )
    kept.sort()
    return [rows[index] for index in kept], tuple(truth[at] for at in kept), contradictory


def _content(row: TrueRow) -> str | None:
    """Return what stands for a recording's bytes; None if they can't be read here."""
    if isinstance(row.path, str):
        return None
    try:
        if not row.path.is_file():  # a pipe would be waited for
            return None
        with row.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def _at_most(
    rows: Sequence[TrueRow],
    truth: Truth,
    labels: LabelSet,
    most: int,
    notes: list[Text],
) -> tuple[list[TrueRow], Truth]:
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
    return [rows[index] for index in kept], tuple(truth[at] for at in kept)


def _check_enough(labels: LabelSet, truth: Truth, called: str) -> None:
    """Refuse a task with nothing to tell a label from."""
    if not any(each is not None for each in truth):
        raise UsageError(
            Text(
                en=f"{called}: no recording of any label is left to learn from.",
                zh=f"{called}：没有可供学习的标签录音。",
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
