"""The folder of a report, which appears whole or not at all."""

import csv
import io
import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from anysound.errors import MissingExtraError, OutputError, UsageError, reason_of
from anysound.evaluation.evaluate import Evaluation
from anysound.evaluation.pictures import calibration_picture, confusion_picture
from anysound.evaluation.run import Asked
from anysound.language import Text
from anysound.writing import check_local, disarmed, disarmed_path

_REPORT = "report.json"
_OWN = (
    *(_REPORT, "predictions.csv", "suggested.json", "confusion*.svg", "calibration*.svg"),
    *(".DS_Store", "Thumbs.db", "desktop.ini"),  # what file managers leave wherever they look
)
_COLUMNS = (
    "recording",
    "true_label",
    "wording",
    "label",
    "probability",
    "verdict",
    "right",
    "error",
)


def check_folder(folder: Path) -> None:
    """Make sure that a report can be there, before the work that is to fill it.

    Raises:
        UsageError: There is something else.
        OutputError: Nothing can be written there.
    """
    check_local(folder)
    try:
        if not folder.exists():
            if not folder.absolute().parent.is_dir():
                raise _unwritable(folder, "no such folder")
            return
        if not folder.is_dir():
            raise _occupied(folder)
        own = {path for pattern in _OWN for path in folder.glob(pattern)}
        if any(path not in own for path in folder.iterdir()):
            raise _occupied(folder)
    except OSError as error:
        raise _unwritable(folder, reason_of(error)) from error


def write_report(folder: Path, evaluation: Evaluation) -> MissingExtraError | None:
    """Write the report's files; an older report makes room.

    Returns:
        Why there are no pictures, or None if there are.

    Raises:
        UsageError: There is something else.
        OutputError: Nothing can be written there.
    """
    check_folder(folder)
    files, missing = _files(evaluation)
    target = folder.absolute()
    mark = secrets.token_hex(8)
    part = target.with_name(f".anysound-{mark}.part")
    old = target.with_name(f".anysound-{mark}.old")
    try:
        part.mkdir()
        for name, content in files.items():
            (part / name).write_bytes(content)
        if target.exists():
            target.rename(old)
        part.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise _unwritable(folder, reason_of(error)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
    return missing


def _files(evaluation: Evaluation) -> tuple[dict[str, bytes], MissingExtraError | None]:
    report = json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=1)
    files = {_REPORT: report.encode(), "predictions.csv": _predictions(evaluation)}
    if evaluation.suggestion and evaluation.suggestion.is_better:
        labels = [label.to_dict() for label in evaluation.suggestion.proposed]
        text = json.dumps({"labels": labels}, ensure_ascii=False, indent=1)
        files["suggested.json"] = text.encode()
    try:
        for number, each in enumerate(evaluation.reports, start=1):
            mark = f"-{number}" if len(evaluation.reports) > 1 else ""
            files[f"confusion{mark}.svg"] = confusion_picture(each).encode()
            files[f"calibration{mark}.svg"] = calibration_picture(each).encode()
    except MissingExtraError as error:
        return files, error
    return files, None


def _predictions(evaluation: Evaluation) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for index, each in enumerate(evaluation.asked):
        writer.writerows(_rows(evaluation, index, each))
    return written.getvalue().encode("utf-8-sig", errors="backslashreplace")


def _rows(evaluation: Evaluation, index: int, asked: Asked) -> Iterator[tuple[str, ...]]:
    """Yield one row a wording, or one that says why the recording failed."""
    recording, label = disarmed_path(asked.row.recording), disarmed(asked.row.label)
    if asked.error:
        yield recording, label, "", "", "", "", "", disarmed(str(asked.error))
    for number, given in enumerate(asked.answers):
        report = evaluation.reports[number]
        true = evaluation.truths[number][index]
        is_right = given.verdict == "none" if true is None else given.label == true
        yield (
            recording,
            label,
            disarmed(report.wording.name),
            disarmed(report.names[given.label]),
            f"{given.probability:.6g}",
            given.verdict,
            "1" if is_right else "0",
            "",
        )


def _occupied(folder: Path) -> UsageError:
    return UsageError(
        Text(
            en=f"{folder}: something other than an earlier report is there, and it would be lost. "
            "Name a new folder.",
            zh=f"{folder}：其中有旧报告以外的内容，写入会覆盖它们。请换一个新文件夹。",
        )
    )


def _unwritable(folder: Path, reason: str) -> OutputError:
    return OutputError(
        Text(
            en=f"{folder}: the report can't be written there ({reason}). Name a folder whose "
            "parent is there and may be written to.",
            zh=f"{folder}：无法写入报告（{reason}）。请确认上级文件夹存在且可写。",
        )
    )
