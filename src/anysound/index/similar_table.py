"""Groups of similar recordings as a table, CSV."""

import csv
import io
from pathlib import Path

from anysound.errors import UsageError
from anysound.index.similar import Compared
from anysound.language import Text
from anysound.writing import WholeFile, disarmed_path

_COLUMNS = ("group", "recording", "similarity", "duration", "same_bytes")


def groups_file(output: Path) -> WholeFile:
    """Begin the file that ``write_groups`` writes, before the work that is to fill it.

    Raises:
        UsageError: The output's name asks for another format.
        OutputError: It can't be written there.
    """
    if output.suffix.lower() != ".csv":
        raise UsageError(
            Text(
                en=f"{output}: groups of similar recordings are written to .csv; for JSON there is "
                "--json.",
                zh=f"{output}：相似录音的分组只能写入 .csv；需要 JSON 请用 --json。",
            )
        )
    return WholeFile(output)


def write_groups(compared: Compared, whole: WholeFile) -> None:
    """Write a row a recording: UTF-8 with a mark, so that Excel shows Chinese; none a formula.

    Raises:
        OutputError: It can't be written.
    """
    with whole.reporting():
        text = io.TextIOWrapper(whole.file, encoding="utf-8-sig", newline="")
        table = csv.writer(text)
        table.writerow(_COLUMNS)
        for number, group in enumerate(compared.groups, start=1):
            for each in group:
                path = each.recording.encode("utf-8", "backslashreplace").decode()
                table.writerow(
                    (
                        number,
                        disarmed_path(path),
                        f"{each.similarity:.5f}",
                        f"{each.duration:.3f}",
                        "yes" if each.same_bytes else "no",
                    )
                )
        text.flush()
        text.detach()
