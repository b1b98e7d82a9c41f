"""What holds for the tables of all formats."""

import datetime
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from anysound import OutputError
from anysound.batch import Row
from anysound.batch.tables import table_format
from anysound.language import Text, use
from tests.batch.making import names_in
from tests.batch.tables.making import FAILED, FULL, write_table

ENDINGS = ["csv", "jsonl", "ndjson", "parquet", "xlsx"]

# Write a table with ever more room on the disk, until just short of enough, and with none once it
# has begun; then interrupt it. Its texts can't be compressed well, so that every format fails at
# many a row. Whatever Python prints of a failure that nobody could catch is an error too.
FULL_DISK = """
import json, os, random, resource, sys, tempfile
from pathlib import Path
from anysound import OutputError
from anysound.batch import Row
from anysound.batch.tables import table_format
from anysound.batch.tables import parquet

parquet._GROUP = 20
output, tempfile.tempdir = Path(sys.argv[1]), sys.argv[2]
dice = random.Random(1)
rows = [Row(f"{n}.wav", dice.randbytes(300).hex()) for n in range(210)]
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

def check():
    assert output.read_text() == "old"
    assert list(output.parent.iterdir()) == [output], list(output.parent.iterdir())
    assert not list(Path(tempfile.tempdir).iterdir())

def write(room, full=False, interrupted=False):
    reached = 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with table_format(output)(output) as table:
            if full:
                os.dup2(nowhere, table._whole.file.fileno())
            for row in rows:
                table.add(row)
                reached += 1
            if interrupted:
                raise KeyboardInterrupt
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        places.add(reached)

places = set()
write(hard)
size = output.stat().st_size
output.write_text("old")
places.clear()
nowhere = os.open("/dev/full", os.O_WRONLY)
for room in [*range(0, size, size // 30), size - 10, size - 1, hard]:
    try:
        write(room, full=room == hard)
    except OutputError as error:
        reason = "No space left" if room == hard else "File too large"
        assert reason in str(error), error
    else:
        raise AssertionError(f"written into {room} of {size} bytes")
    check()
try:
    write(hard, interrupted=True)
except KeyboardInterrupt:
    check()
print(json.dumps(sorted(places)))
"""


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_nothing_at_whatever_row(tmp_path: Path, ending: str) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "temporary").mkdir()
    paths = [tmp_path / f"results/out.{ending}", tmp_path / "temporary"]
    process = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", FULL_DISK, *paths],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "ANYSOUND_LANG": "en"},
    )
    assert (process.returncode, process.stderr) == (0, "")
    places = json.loads(process.stdout)
    assert places[-1] == 210  # at the end
    assert len(places) > 5  # and at many a row


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_older_table_stays_until_the_new_one_is_whole(tmp_path: Path, ending: str) -> None:
    output = tmp_path / f"out.{ending}"
    output.write_text("old")
    with suppress(KeyboardInterrupt), table_format(output)(output) as table:
        table.add(FULL)
        raise KeyboardInterrupt
    assert output.read_text() == "old"
    assert names_in(tmp_path) == [output.name]
    with table_format(output)(output) as table:
        table.add(FULL)
        assert output.read_text() == "old"
    assert output.read_bytes() != b"old"
    assert names_in(tmp_path) == [output.name]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_table_that_cannot_begin_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    class Full(table_format(Path(f"out.{ending}"))):
        def _begin(self) -> None:
            super()._begin()
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        Full(tmp_path / f"out.{ending}")
    assert names_in(tmp_path) == []


class AnyDatetime(type):
    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, datetime.datetime)


class Later(datetime.datetime, metaclass=AnyDatetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "Later":
        return cls(2031, 5, 6, 7, 8, 9, tzinfo=tz)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs tzset")
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_rows_are_the_same_bytes_at_any_time_and_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    rows = [FULL, FAILED] * 50
    first = write_table(tmp_path / f"first.{ending}", rows)
    seconds = time.time() + 200_000_000
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        patch.setattr("time.time", lambda: seconds)
        patch.setattr("xlsxwriter.core.datetime", Later)
        mask = os.umask(0o077)
        second = write_table(tmp_path / f"second.{ending}", rows)
        os.umask(mask)
    time.tzset()
    assert second.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_error_is_in_the_language_of_the_user(tmp_path: Path, ending: str) -> None:
    row = Row("a.wav", error=Text("empty", "空"))
    outputs = []
    for language in ("en", "zh"):
        with use(language):
            outputs.append(write_table(tmp_path / f"{language}.{ending}", [row]))
    assert outputs[0].read_bytes() != outputs[1].read_bytes()


MEMORY = """
import resource, sys
from pathlib import Path
from anysound.batch import Row
from anysound.batch.tables import table_format

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

output = Path(sys.argv[1])
with table_format(output)(output) as table:
    for number in range(200_000):
        table.add(Row(f"folder/{number}.wav", "dog barking", number / 7e5, "match", "rain"))
        if number == 20_000:
            before = peak()
assert peak() - before < 30, peak() - before
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads kilobytes")
@pytest.mark.parametrize("ending", ENDINGS)
def test_memory_stays_flat(tmp_path: Path, ending: str) -> None:
    arguments = [sys.executable, "-c", MEMORY, tmp_path / f"out.{ending}"]
    subprocess.run(arguments, check=True, timeout=300)
