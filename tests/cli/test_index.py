import csv
import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from anysound.index import SIMILAR_FROM
from tests.batch.making import LABELS, write_folder, write_tone
from tests.cli.running import start
from tests.cli.test_batch import STUCK, wait_for
from tests.patience import PATIENCE

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "recordings")


@pytest.fixture
def index(run: Run, folder: Path, tmp_path: Path) -> Path:
    place = tmp_path / "index"
    assert run("index", "add", place, folder).exit_code == 1  # two can't be read
    return place


def test_adding_says_what_came_of_it(run: Run, folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "a.wav", folder / "same.wav")
    result = run("index", "add", tmp_path / "index", folder, "--workers", "2")
    assert result.exit_code == 1
    notes = result.stderr.splitlines()
    assert notes[0].startswith("Failed: empty.flac: ")
    assert notes[1].startswith("Failed: text.wav: ")
    assert notes[2:] == [
        "Recordings added: 5, 0.00 h of sound",
        "1 of them hold what another recording holds, which is stored once.",
        "Files passed over, since they are no recordings: 1",
    ]
    again = run("index", "add", tmp_path / "index", folder, "--include", "a.wav", "--include", "b*")
    assert again.exit_code == 0
    assert "1 were in the index before." in again.stderr


def test_labels_into_a_table_and_a_summary(
    run: Run, index: Path, folder: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.csv"
    result = run("index", "label", index, "-l", LABELS, "-o", output)
    assert result.exit_code == 0
    assert ["高音", "1"] in [line.split() for line in result.stdout.splitlines()]
    assert f"Written: {output}" in result.stderr
    with output.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["recording"]: row["label"] for row in csv.DictReader(file)}
    assert rows[str(folder / "a.wav")] == "low"
    assert len(rows) == 4
    shutil.rmtree(folder)  # nothing is read again
    result = run("index", "label", index, "-l", "deep=250 Hz", "--json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert {line["label"] for line in lines} == {"deep"}
    placed = run("index", "label", index, "-l", "x [last 1 s]=250 Hz")
    assert "are answered from the stored windows" in placed.stderr


def test_a_search_and_its_clips(run: Run, index: Path, folder: Path, tmp_path: Path) -> None:
    result = run("index", "search", index, "4000 Hz", "--top", "2", "--json")
    best, second = json.loads(result.stdout)
    assert best["recordings"] == [str(folder / "中文" / "狗 叫.WAV")]
    assert best["similarity"] > 0.99 > second["similarity"]
    clips = tmp_path / "clips"
    result = run(
        "index", "search", index, "--like", folder / "a.wav", "--top", "2", "--clips", clips
    )
    assert result.exit_code == 0
    assert "a.wav" in result.stdout.splitlines()[1]
    assert f"Clips in {clips}: 2" in result.stderr
    assert sorted(path.name for path in clips.iterdir())[0].startswith("001 a_0.00-0.50_")
    (folder / "a.wav").unlink()
    result = run("index", "search", index, "250 Hz", "--top", "2", "--clips", clips)
    assert result.exit_code == 1
    assert "a.wav: there is no such file" in result.stderr
    assert f"Clips in {clips}: 1" in result.stderr


def test_facts_removal_and_check(run: Run, index: Path, folder: Path, tmp_path: Path) -> None:
    facts = json.loads(run("index", "info", index, "--json").stdout)
    assert (facts["model"], facts["recordings"], facts["windows"]) == ("fake", 4, 4)
    assert "recordings: 4" in run("index", "info", index).stdout
    removed = run("index", "remove", index, folder / "b", folder / "a.wav")
    assert "Recordings removed: 3" in removed.stderr
    assert run("index", "verify", index).exit_code == 0
    assert run("index", "export", index, "-o", tmp_path / "out.npz").exit_code == 0
    assert "recordings: 1" in run("index", "optimize", index).stdout
    for piece in (index / "windows.lance" / "data").iterdir():
        piece.write_bytes(b"")
    result = run("index", "verify", index, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["damaged"] == [str(folder / "中文" / "狗 叫.WAV")]
    result = run("index", "verify", index, "--repair")
    assert result.exit_code == 0
    assert "add them again" in result.stderr
    assert run("index", "verify", index).exit_code == 0


def test_what_is_similar_as_a_table_and_in_files(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")  # no path is folded
    shutil.copy(folder / "a.wav", folder / "b" / "same.wav")
    write_tone(folder / "b" / "longer.wav", 2000, seconds=0.55)  # like z.wav
    index = tmp_path / "index"
    run("index", "add", index, folder)
    assert f"{SIMILAR_FROM:g}" in run("index", "similar", "--help").stdout
    result = run("index", "similar", index)
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0] == ["group", "similarity", "duration", "recording"]
    assert lines[1][:4] == ["1", "same", "bytes", "0.50"]
    assert lines[3] == ["2", "1.0000", "0.55", str(folder / "b" / "longer.wav")]
    assert "groups of at least 0.95: 2, with 4 recordings" in result.stderr
    found = json.loads(run("index", "similar", index, "--json", "--at-least", "0.5").stdout)
    assert found["at_least"] == 0.5
    assert found["groups"][0][0] == {
        "recording": str(folder / "a.wav"),
        "similarity": 1.0,
        "duration": 0.5,
        "same_bytes": True,
    }
    output = tmp_path / "groups.csv"
    result = run("index", "similar", index, "-o", output)
    assert f"Written: {output}" in result.stderr
    assert result.stdout == ""
    assert len(output.read_text(encoding="utf-8-sig").splitlines()) == 1 + 4


def test_a_map_says_what_is_on_it(run: Run, index: Path, tmp_path: Path) -> None:
    output = tmp_path / "map.html"
    result = run("index", "map", index, "-o", output, "-l", LABELS)
    assert result.exit_code == 0
    assert "Recordings on the map: 4, as 4 different sounds" in result.stderr
    assert f"Written: {output}" in result.stderr
    assert "Answered by a fake." in result.stderr
    assert "高音" in output.read_text(encoding="utf-8")
    result = run("index", "map", index, "-o", output, "--windows")
    assert "Windows on the map: 4" in result.stderr
    assert "Answered by a fake." not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["add", "index", "nowhere"], 2),
        (["add", "recordings", "recordings"], 2),
        (["add", "index", "recordings", "--workers", "0"], 2),
        (["label", "nowhere", "-l", "rain"], 1),
        (["label", "index", "-l", "("], 2),
        (["label", "index", "-l", "rain", "-o", "out.doc"], 2),
        (["search", "index"], 2),
        (["search", "index", "a", "--like", "recordings/a.wav"], 2),
        (["search", "index", "a, b"], 2),
        (["search", "index", "--like", "recordings/text.wav"], 1),
        (["search", "index", "a", "--top", "0"], 2),
        (["similar", "nowhere"], 1),
        (["similar", "index", "--at-least", "0"], 2),
        (["similar", "index", "--at-least", "nan"], 2),
        (["similar", "index", "-o", "out.xlsx"], 2),
        (["similar", "index", "-o", "nowhere/out.csv"], 1),
        (["map", "nowhere", "-o", "out.html"], 1),
        (["map", "index", "-o", "out.png"], 2),
        (["map", "index", "-o", "nowhere/out.html"], 1),
        (["map", "index", "-o", "out.html", "-l", "("], 2),
        (["map", "index", "-o", "out.html", "-l", ""], 2),
        (["map", "index", "-o", "out.html", "--windows", "-l", "x [last 1 s]=250 Hz"], 2),
        (["info", "nowhere"], 1),
        (["remove", "index", "nowhere"], 2),
        (["verify", "nowhere"], 1),
        (["export", "index", "-o", "out.csv"], 2),
        (["export", "index", "-o", "nowhere/out.npz"], 1),
        (["optimize", "nowhere"], 1),
    ],
)
def test_what_cannot_be_done_is_refused(
    run: Run,
    index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("index", *arguments)
    assert result.exit_code == code
    assert result.stderr.strip()
    assert "Traceback" not in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "recordings"]


def test_interrupted_it_says_how_to_go_on(tmp_path: Path) -> None:
    write_tone(tmp_path / "recordings" / "a.wav", 250)
    sign = tmp_path / "listening"
    arguments = ["index", "add", tmp_path / "index", tmp_path / "recordings"]
    process = start(arguments, STUCK.format(sign=str(sign)))
    wait_for(sign)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert b"the same command goes on from there" in error


def test_without_lance_one_line_says_what_to_install(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 250)
    process = start(
        ["index", "add", tmp_path / "index", tmp_path / "a.wav"],
        "sys.modules['lance'] = None",
    )
    _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert b'pip install "anysound[index]"' in error
    assert not (tmp_path / "index").exists()


def test_a_batch_fills_an_index_and_is_answered_from_it(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    place, output = tmp_path / "index", tmp_path / "out.csv"
    asked = ("batch", folder, "-o", output, "--index", place, "-l")
    result = run(*asked, LABELS)
    assert result.exit_code == 1  # two can't be read
    assert "empty.flac" in result.stderr
    assert json.loads(run("index", "info", place, "--json").stdout)["recordings"] == 4
    again = run(*asked, "deep=250 Hz, x [last 1 s]=1000 Hz")
    assert "4 were in the index before" in again.stderr
    assert "answered from the stored windows" in again.stderr
    assert "deep" in output.read_text(encoding="utf-8-sig")
    refused = run(*asked, LABELS, "--events", tmp_path / "events.csv")
    assert refused.exit_code == 2
    assert "leave out either --index or --events" in refused.stderr
