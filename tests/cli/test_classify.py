import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from anysound.language import use
from tests.batch.making import LABELS, write_tone
from tests.cli.running import start
from tests.patience import PATIENCE

Run = Callable[..., Result]


@pytest.fixture
def beep(tmp_path: Path) -> Path:
    write_tone(tmp_path / "低 [red]beep.wav", 250)
    return tmp_path / "低 [red]beep.wav"


def test_a_person_gets_a_table(run: Run, beep: Path) -> None:
    result = run("classify", beep, "-l", "low=250 Hz, [b]高=4000 Hz")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"{beep}  (0.5 s)"
    assert lines[1].split() == ["#", "label", "probability", "similarity"]
    assert lines[2].split() == ["1", "low", "100.0%", "█" * 20, "1.000"]
    assert lines[3].split()[:7] == ["2", "[b]高", "[heard", "as:", "4000", "Hz]", "0.0%"]
    assert "Match: low" in lines
    assert "Model: fake (0, fp32)" in lines
    assert result.stderr == "Answered by a fake.\n"
    assert "\x1b" not in result.output


@pytest.mark.parametrize(
    ("labels", "verdict"),
    [
        ("1000 Hz, 4000 Hz", "None of the labels fits well enough; the nearest is: 1000 Hz"),
        ("a=250 Hz, b=250 Hz", "Too close to call: a or b"),
    ],
)
def test_the_verdict_is_in_words(run: Run, beep: Path, labels: str, verdict: str) -> None:
    assert verdict in run("classify", beep, "-l", labels).stdout.splitlines()


def test_where_and_by_what_a_label_was_judged_stands_behind_it(run: Run, beep: Path) -> None:
    labels = "low(last 0.2 s)=250 Hz, loud=250 Hz|!250 Hz hum|!4000 Hz, gone(0:10-0:15)"
    lines = run("classify", beep, "-l", labels).stdout.splitlines()
    assert lines[2].split()[1:7] == ["low(last", "0.2", "s)", "[0.3-0.5", "s]", "66.7%"]
    assert lines[3].split()[1:5] == ["loud", "[lowered:", "250", "Hz"]
    assert lines[4].split() == ["3", "gone(0:10-0:15)", "0.0%", "-"]
    assert "Warning: The recording is 0.5 s long" in "\n".join(lines)


def test_groups_stand_below_the_labels(run: Run, beep: Path) -> None:
    labels = "pump(worn)=250 Hz, pump(new)=250 Hz, fan(a)=1000 Hz, fan(b)=1000 Hz"
    lines = run("classify", beep, "-l", labels).stdout.splitlines()
    assert lines[6].split() == ["group:", "pump", "100.0%", "█" * 20]
    assert lines[7].split()[:2] == ["group:", "fan"]
    assert "Clearly pump, but too close to call: pump(worn) or pump(new)" in lines


def test_places_and_groups_in_chinese(run: Run, beep: Path) -> None:
    labels = "泵(磨损,最后 0.2 秒)=250 Hz, 泵(全新)=250 Hz|!250 Hz 声, 扇=1000 Hz"
    with use("zh"):
        shown = run("classify", beep, "-l", labels).stdout
    assert "[0.3-0.5 秒]" in shown
    assert "[已降低，也像：250 Hz 声]" in shown
    assert "同组：泵" in shown


def test_warnings_are_shown(run: Run, tmp_path: Path) -> None:
    write_tone(tmp_path / "whole.wav", 250)
    (tmp_path / "cut.wav").write_bytes((tmp_path / "whole.wav").read_bytes()[:9000])
    shown = run("classify", tmp_path / "cut.wav", "-l", LABELS).stdout
    told = json.loads(run("classify", tmp_path / "cut.wav", "-l", LABELS, "--json").stdout)
    (warning,) = told["warnings"]
    assert f"Warning: {warning}" in shown


def test_many_labels_are_cut_short_and_said_to_be(run: Run, beep: Path) -> None:
    result = run("classify", beep, "-l", ",".join(f"label {n}" for n in range(50)))
    assert "30 more; --json shows all" in result.stdout


def test_several_with_one_that_fails(run: Run, beep: Path, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    result = run("classify", beep, tmp_path / "text.wav", beep, "-l", LABELS)
    assert result.exit_code == 1
    assert result.stdout.count("Match: low") == 2
    error, hint = result.stderr.splitlines()
    assert error.startswith(f"Error: {tmp_path / 'text.wav'}: ")
    assert hint == "Answered by a fake."


def test_a_program_gets_an_object_a_line(run: Run, beep: Path, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.wav")
    result = run("classify", beep, gone, beep, "-l", LABELS, "--json")
    assert result.exit_code == 1
    assert result.stderr == ""
    first, failed, last = map(json.loads, result.stdout.splitlines())
    assert first == last
    assert (first["recording"], first["label"]) == (str(beep), "low")
    assert first["hint"] == "Answered by a fake."
    assert list(failed) == ["recording", "error"]
    assert failed["recording"] == gone
    assert "no such file" in failed["error"]


def test_one_recording_is_one_object(run: Run, beep: Path) -> None:
    result = run("classify", beep, "-l", LABELS, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["verdict"] == "match"
    assert "高音" in result.stdout


def test_standard_input(run: Run, beep: Path) -> None:
    answer = json.loads(
        run("classify", "-", "-l", LABELS, "--json", stdin=beep.read_bytes()).stdout
    )
    assert answer["label"] == "low"
    assert run("classify", "-", "-l", LABELS, stdin=b"").exit_code == 1
    twice = run("classify", "-", "-", "-l", LABELS, stdin=beep.read_bytes())
    assert (twice.exit_code, twice.stdout) == (2, "")


def test_a_label_file(run: Run, beep: Path, tmp_path: Path) -> None:
    (tmp_path / "labels").write_text("low=250 Hz\n高音=4000 Hz\n", encoding="utf-8")
    answer = json.loads(run("classify", beep, "-l", f"@{tmp_path / 'labels'}", "--json").stdout)
    assert answer["label"] == "low"


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify"],
        ["classify", "a.wav"],
        ["classify", "-l", "rain"],
        ["classify", "a.wav", "-l", "rain", "--threads", "0"],
        ["classify", "a.wav", "-l", "rain", "--what"],
        ["classify", "a.wav", "-l", " , "],
        ["classify", "a.wav", "-l", "@nowhere"],
        ["classification"],
        [],
    ],
)
def test_wrong_usage_is_2_and_words(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.output.strip()
    assert "Traceback" not in result.output


def test_a_label_error_points_at_the_place(run: Run, beep: Path) -> None:
    result = run("classify", beep, "-l", "狗叫, [bold]雨 (大")
    assert result.exit_code == 2
    message, line, caret = result.stderr.splitlines()
    assert message.startswith("Error: ")
    assert line == "    狗叫, [bold]雨 (大"
    assert caret == " " * (4 + 4 + 2 + 6 + 2 + 1) + "^"  # Chinese takes two columns


def test_nothing_in_a_name_reaches_the_terminal(run: Run, tmp_path: Path) -> None:
    write_tone(tmp_path / "a\x1b[31m.wav", 250)
    result = run("classify", tmp_path / "a\x1b[31m.wav", tmp_path / "b\x1b[31m", "-l", LABELS)
    assert "\x1b" not in result.output
    assert "a\ufffd[31m.wav" in result.stdout
    assert "b\ufffd[31m" in result.stderr


def test_a_reader_that_leaves_is_no_error(beep: Path) -> None:
    more = "import time; time.sleep(0.5)"  # until the pipe is closed
    for form in ([], ["--json"]):
        process = start(["classify", *[beep] * 3, "-l", LABELS, *form], more)
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() in (b"", b"Answered by a fake.\n")
        process.wait(PATIENCE)


def test_a_poor_terminal_still_gets_json(beep: Path) -> None:
    process = start(["classify", beep, "-l", LABELS, "--json"], PYTHONIOENCODING="latin-1")
    out, _ = process.communicate(timeout=PATIENCE)
    answer = json.loads(out.decode("ascii"))
    assert answer["recording"] == str(beep)


def test_a_poor_terminal_still_gets_a_table(beep: Path) -> None:
    process = start(["classify", beep, "-l", LABELS], PYTHONIOENCODING="ascii")
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    assert b"#" * 20 in out
