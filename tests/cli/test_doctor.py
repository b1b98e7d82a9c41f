"""``anysound doctor``, as it is typed."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from anysound.doctor import CHECKS, Check, DoctorOptions, Verdict
from anysound.language import Text
from anysound.models.store import Store
from tests.cli.running import ROOT
from tests.doctor.test_storage import AS_ANYBODY
from tests.models.store.test_store import install

Run = Callable[..., Result]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[DoctorOptions]]:
    """Have checks that find what the test says; all others are well."""

    def let(**verdicts: Verdict) -> list[DoctorOptions]:
        asked: list[DoctorOptions] = []

        def check(name: str) -> Callable[[DoctorOptions], Check]:
            def examine(options: DoctorOptions) -> Check:
                asked.append(options)
                verdict = verdicts.get(name, "ok")
                advice = None if verdict == "ok" else Text(en=f"mend {name}", zh=f"修理 {name}")
                text = Text(en=f"{name} is [bold]here[/bold]", zh=f"{name} 在这里")
                return Check(name, verdict, text, advice)

            return examine

        for name in CHECKS:
            monkeypatch.setitem(CHECKS, name, check(name))
        return asked

    return let


def test_all_is_well(run: Run, found: Callable[..., list[DoctorOptions]]) -> None:
    asked = found()
    result = run("doctor", "--port", "4711", "--offline")
    assert result.exit_code == 0
    assert asked == [DoctorOptions(port=4711, online=False)] * len(CHECKS)
    assert result.stdout.rstrip().endswith("All is well.")
    assert "port is [bold]here[/bold]" in result.stdout  # nothing found is markup
    rows = [line for line in result.stdout.splitlines() if line.startswith("✓ ok")]
    assert [row.split()[2] for row in rows] == list(CHECKS)


def test_a_warning_is_no_failure(run: Run, found: Callable[..., list[DoctorOptions]]) -> None:
    found(hub="warn", microphone="skipped")
    result = run("doctor")
    assert result.exit_code == 0
    assert "→ mend hub" in result.stdout
    assert "→ mend microphone" in result.stdout
    assert "1 thing to look at: hub. The rest works." in result.stdout


def test_a_failure_is(
    run: Run, found: Callable[..., list[DoctorOptions]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = found(models="fail", bundled="fail", hub="warn")
    monkeypatch.setenv("ANYSOUND_LANG", "zh")
    result = run("doctor", "--online")
    assert result.exit_code == 1
    assert asked[0].online is True
    assert "✗ 故障" in result.stdout
    assert "→ 修理 models" in result.stdout
    assert "2 项故障：models、bundled。1 项需要注意：hub。" in result.stdout


def test_for_a_program(run: Run, found: Callable[..., list[DoctorOptions]]) -> None:
    found(models="fail")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert set(report) == {"anysound", "verdict", "checks"}
    assert report["verdict"] == "fail"
    assert [check["name"] for check in report["checks"]] == list(CHECKS)
    for check in report["checks"]:
        assert set(check) == {"name", "verdict", "found", "advice", "facts"}


def test_wrong_usage(run: Run) -> None:
    assert run("doctor", "--port", "0").exit_code == 2
    assert run("doctor", "--port", "70000").exit_code == 2


def doctor(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command itself, as anybody."""
    can_drop = not AS_ANYBODY or shutil.which("setpriv")
    return subprocess.run(
        [*(AS_ANYBODY if can_drop else []), sys.executable, "-m", "anysound", "doctor", *arguments],
        env={**os.environ, "ANYSOUND_LANG": "en", "NO_PROXY": "127.0.0.1", **variables},
        capture_output=True,
        cwd=ROOT,
        timeout=600,
        check=False,
    )


_BLOCK = """
import sys

class Block:
    def find_spec(self, name, *_):
        if name == "matplotlib":
            raise ImportError("No module named 'matplotlib'")

sys.meta_path.insert(0, Block())
"""
_NO_PORTAUDIO = "raise OSError('PortAudio library not found')"  # as sounddevice itself does


@pytest.mark.slow
def test_this_machine_as_it_is() -> None:
    done = doctor("--offline", "--json")
    assert b"Traceback" not in done.stderr
    report = json.loads(done.stdout)
    verdicts = {check["name"]: check["verdict"] for check in report["checks"]}
    assert list(verdicts) == list(CHECKS)
    assert [name for name, verdict in verdicts.items() if verdict == "fail"] == []
    assert done.returncode == 0
    assert verdicts["hub"] == "skipped"
    for name in ("python", "extras", "home", "models", "bundled", "decoders", "terminal"):
        assert verdicts[name] == "ok", name


@pytest.mark.slow
def test_a_machine_on_which_much_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read-only home, damaged model, blocked packages, taken port, dead hub, a plain terminal."""
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "home"))
    model = install(Store(), "o/m")
    (model.folder / "audio.onnx").write_bytes(b"short")
    (tmp_path / "home").chmod(0o555)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(_BLOCK)
    (tmp_path / "site" / "sounddevice.py").write_text(_NO_PORTAUDIO)
    paths = (str(tmp_path / "site"), f"{ROOT}/src")
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        socket.create_server(("127.0.0.1", 0)) as gone,
    ):
        dead = f"http://127.0.0.1:{gone.getsockname()[1]}"
        gone.close()
        done = doctor(
            "--port",
            str(taken.getsockname()[1]),
            "--json",
            PYTHONPATH=os.pathsep.join(paths),
            HF_ENDPOINT=dead,
            PYTHONIOENCODING="ascii",
        )
    assert done.returncode == 1
    assert b"Traceback" not in done.stdout + done.stderr
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    verdicts = {name: check["verdict"] for name, check in checks.items()}
    assert verdicts["models"] == "fail"
    assert "anysound models pull o/m" in checks["models"]["advice"]
    for name in ("home", "port", "hub", "terminal", "microphone", "extras"):
        assert verdicts[name] == "warn", checks[name]
    assert "libportaudio2" in checks["microphone"]["found"]
    assert verdicts["fonts"] == "skipped"
    for name in ("bundled", "decoders", "temporary"):
        assert verdicts[name] == "ok", checks[name]
