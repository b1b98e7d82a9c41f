import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from anysound.cli.app import app
from anysound.models.store import Store

LISTED = ["models", "list"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture(autouse=True)
def _empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANYSOUND_LANG", "en")


def test_the_bundled_model_is_always_listed() -> None:
    result = run(*LISTED)
    assert result.exit_code == 0
    assert "bundled *" in result.stdout
    assert "home" in result.stderr  # where models lie
    listed = json.loads(run(*LISTED, "--json").stdout)
    assert listed["default"] == "bundled"
    (bundled,) = listed["models"]
    assert bundled == json.loads(run("models", "info", "bundled", "--json").stdout)
    assert (bundled["id"], bundled["license"]) == ("bundled", "CC-BY-SA-4.0")
    assert 1_000_000 < bundled["size"] < 15_000_000


def test_the_bundled_model_can_be_verified(tmp_path: Path) -> None:
    reference = tmp_path / "mine.json"
    reference.write_text(run("models", "verify", "bundled", "--json").stdout)
    result = run("models", "verify", "bundled", "--against", str(reference))
    assert result.exit_code == 0
    assert "beep: " in result.stdout
    assert "0.0e+00" in result.stderr


@pytest.mark.parametrize("command", ["info", "verify", "remove"])
def test_a_model_that_is_not_installed_is_named(command: str) -> None:
    result = run("models", command, "no/such-model")
    assert result.exit_code != 0
    assert "no/such-model" in result.stderr
    assert "Traceback" not in result.output


def test_the_family_is_known_before_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYSOUND_LANG", "zh")
    result = run("models", "info", "laion/larger_clap_music")
    assert result.exit_code == 0
    assert "音乐" in result.stdout
    assert "随机猜测" in result.stderr


def test_the_bundled_model_stays() -> None:
    result = run("models", "remove", "bundled", "--yes")
    assert result.exit_code == 2
    assert "bundled" in result.stderr


def test_a_wrong_precision_or_device_is_wrong_usage() -> None:
    for option, value in (("--precision", "int4"), ("--device", "gpu"), ("--compat", "keras")):
        result = run("classify", "x.wav", "-l", "a, b", option, value)
        assert result.exit_code == 2
        assert value in result.stderr


@pytest.mark.parity
def test_a_folder_is_built_listed_verified_used_and_removed(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    from tools.random_checkpoint import write_checkpoint
    from tools.reference_embeddings import reference_embeddings

    from anysound.models.clap.verify import largest_difference, read_reference
    from tests.fakes import tone, wav_file
    from tests.models.clap.int8 import IS_EXACT

    checkpoint = tmp_path / "my-clap"
    write_checkpoint(checkpoint, "clap-htsat-fused", 0.25)
    assert run("models", "pull", str(checkpoint)).exit_code == 0
    _, model = json.loads(run(*LISTED, "--json").stdout)["models"]
    assert model["id"] == "local/my-clap"

    reference = tmp_path / "reference.json"
    reference.write_text(json.dumps({"embeddings": reference_embeddings(checkpoint)}))
    verify = ["models", "verify", "local/my-clap", "--precision", "fp32"]
    result = run(*verify, "--against", str(reference))
    assert result.exit_code == 0, result.stderr
    mine = tmp_path / "mine.json"
    mine.write_text(run(*verify, "--json").stdout)
    assert largest_difference(read_reference(mine), read_reference(reference)) < 1e-5
    assert largest_difference(read_reference(mine), {}) == float("inf")

    sound = tmp_path / "beep.wav"
    sound.write_bytes(wav_file(tone(440, 3)))
    for precision in ("fp32", "int8") if IS_EXACT else ("fp32",):
        called = ["classify", str(sound), "-l", "a beep, rain, 狗叫", "--json"]
        answer = run(*called, "--model", str(checkpoint), "--precision", precision)
        assert answer.exit_code == 0, answer.stderr
        found = json.loads(answer.stdout)
        assert (found["model"], found["precision"]) == ("local/my-clap", precision)
        assert sum(score["probability"] for score in found["scores"]) == pytest.approx(1)
        phrases = {score["label"]: score["phrases"] for score in found["scores"]}
        assert phrases["狗叫"] == ["dog barking"]
        assert found["warnings"] == []

    graph = Path(model["folder"]) / "audio.fp32.bin"
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")
    result = run(*verify)
    assert result.exit_code == 1
    assert "audio.fp32.bin" in result.stderr
    assert run("models", "remove", "local/my-clap").exit_code == 0
    assert Store().installed() == ()
    shutil.rmtree(checkpoint)
