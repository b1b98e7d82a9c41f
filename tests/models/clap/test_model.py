"""A whole model at run time, tiny and of random weights."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anysound import ModelError
from anysound.models import ModelOptions
from anysound.models.clap import model as model_module
from anysound.models.clap.model import FUSED_UP_TO, ClapFolder, ClapModel
from anysound.models.clap.texts import TextSide
from tests.models.clap.int8 import needs_exact_int8
from tests.models.clap.tiny import make_tiny

RATE = 48_000
TEXTS = ["This is a sound of a dog barking.", "rain", "This is a sound of rain."]
FP32 = ModelOptions(precision="fp32", threads=1)
PRECISIONS = ["fp32", pytest.param("int8", marks=needs_exact_int8)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ClapFolder:
    return make_tiny(tmp_path_factory.mktemp("fused"))


@pytest.fixture(scope="module")
def unfused(tmp_path_factory: pytest.TempPathFactory) -> ClapFolder:
    return make_tiny(tmp_path_factory.mktemp("unfused"), is_fused=False)


def sound(seconds: float, seed: int = 0) -> Any:
    """Noise that swells and fades."""
    samples = round(seconds * RATE)
    loudness = 0.2 + np.sin(np.arange(samples) / RATE) ** 2
    return (np.random.default_rng(seed).normal(0, 0.1, samples) * loudness).astype(np.float32)


def test_it_says_what_it_is(folder: ClapFolder, unfused: ClapFolder) -> None:
    info = ClapModel(folder, FP32).info
    assert (info.id, info.precision, info.device) == ("test/tiny", "fp32", "cpu")
    assert (info.dim, info.rate, info.window, info.languages) == (16, RATE, 10.0, ("en",))
    assert (info.longest, info.unit) == (FUSED_UP_TO, 10.0)
    assert ClapModel(folder, replace(FP32, fused=True)).info.unit == FUSED_UP_TO
    assert info.calibration.scale == pytest.approx(20.0)
    assert ClapModel(unfused, FP32).info.longest == 10.0


@pytest.mark.parametrize("precision", PRECISIONS)
@settings(max_examples=8)
@given(
    lengths=st.lists(st.sampled_from([0.3, 5.0, 10.0, 10.1, 21.0]), min_size=1, max_size=4),
    threads=st.integers(1, 3),
)
def test_a_sound_is_embedded_alike_in_any_company(
    folder: ClapFolder, precision: str, lengths: list[float], threads: int
) -> None:
    sounds = [sound(seconds, seed) for seed, seconds in enumerate(lengths)]
    together = ClapModel(folder, ModelOptions(precision, threads=threads)).embed_audio(sounds)
    assert together.shape == (len(sounds), 16)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    lone = ClapModel(folder, ModelOptions(precision, threads=1))
    for waveform, row in zip(sounds, together, strict=True):
        assert np.array_equal(lone.embed_audio([waveform])[0], row)


def test_a_short_recording_is_fused_in_compat_only(folder: ClapFolder) -> None:
    right = ClapModel(folder, FP32)
    as_pipeline = ClapModel(folder, replace(FP32, compat="transformers"))
    short, long = [sound(3)], [sound(25)]
    assert not np.allclose(right.embed_audio(short), as_pipeline.embed_audio(short), atol=1e-3)
    assert np.array_equal(right.embed_audio(long), as_pipeline.embed_audio(long))
    assert as_pipeline.info.longest == as_pipeline.info.unit == float("inf")


def test_only_a_fused_model_can_fuse(unfused: ClapFolder) -> None:
    with pytest.raises(ModelError, match="no fused model"):
        ClapModel(unfused, replace(FP32, fused=True))


def test_what_is_too_long_for_one_unit_is_refused(unfused: ClapFolder) -> None:
    with pytest.raises(ValueError, match="at most"):
        ClapModel(unfused, FP32).embed_audio([sound(10.1)])


def test_no_input_gives_no_rows(folder: ClapFolder) -> None:
    model = ClapModel(folder, FP32)
    assert model.embed_audio([]).shape == model.embed_text([]).shape == (0, 16)


def test_texts_are_looked_up_the_second_time(
    folder: ClapFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = replace(folder, cache=tmp_path)
    first = ClapModel(cached, FP32).embed_text(TEXTS)
    asked: list[str] = []
    embed = TextSide.embed
    monkeypatch.setattr(
        TextSide, "embed", lambda self, texts: (asked.extend(texts), embed(self, texts))[1]
    )
    again = ClapModel(cached, FP32).embed_text([*reversed(TEXTS), "snow"])
    assert asked == ["snow"]
    assert np.array_equal(again[:3], first[::-1])


@needs_exact_int8
def test_texts_in_int8_are_others(folder: ClapFolder, tmp_path: Path) -> None:
    cached = replace(folder, cache=tmp_path)
    first = ClapModel(cached, FP32).embed_text(TEXTS)
    in_int8 = ClapModel(cached, replace(FP32, precision="int8")).embed_text(TEXTS)
    assert not np.array_equal(in_int8, first)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_text_side_stays_from_its_second_use_on(folder: ClapFolder, precision: str) -> None:
    side = ClapModel(folder, ModelOptions(precision))._text
    first = side.embed(TEXTS)
    assert side._reader is None
    assert np.array_equal(side.embed(TEXTS), first)
    kept = side._reader
    assert kept is not None
    side.embed(TEXTS[:1])
    assert side._reader is kept


def test_a_text_too_long_is_refused(folder: ClapFolder) -> None:
    with pytest.raises(ModelError, match="too long"):
        ClapModel(folder, FP32).embed_text(["bark " * 200])


@pytest.mark.parametrize(("passed", "exact"), [(True, True), (True, False), (False, True)])
def test_auto_takes_int8_where_it_has_proved_itself(
    folder: ClapFolder, passed: bool, exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "int8_is_exact", lambda probe: exact)
    tested = replace(folder, facts={**folder.facts, "int8": {"passed": passed}})
    chosen = ClapModel(tested, ModelOptions()).info.precision
    assert chosen == ("int8" if passed and exact else "fp32")


def test_int8_is_refused_where_it_would_be_wrong(
    folder: ClapFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "int8_is_exact", lambda probe: False)
    with pytest.raises(ModelError, match="fp32"):
        ClapModel(folder, ModelOptions(precision="int8"))
    with pytest.raises(ModelError, match="CPU only"):
        ClapModel(folder, ModelOptions(precision="int8", device="cuda"))


def test_auto_falls_back_to_the_cpu_and_says_so(
    folder: ClapFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An onnxruntime that was built for CUDA, on a machine where CUDA does not start."""
    monkeypatch.setattr(model_module, "has_cuda", lambda: True)
    info = ClapModel(folder, ModelOptions()).info
    assert info.device == "cpu"
    (notice,) = info.notices
    assert "CPU" in notice.en
    assert "CPU" in notice.zh


def test_a_gpu_that_is_asked_for_must_be_there(folder: ClapFolder) -> None:
    with pytest.raises(ModelError, match="cuda:1"):
        ClapModel(folder, ModelOptions(device="cuda:1"))


def test_a_damaged_graph_is_told(folder: ClapFolder, tmp_path: Path) -> None:
    for path in folder.path.iterdir():
        content = path.read_bytes()
        (tmp_path / path.name).write_bytes(b"no" if path.name == "audio.fp32.onnx" else content)
    with pytest.raises(ModelError, match="pull it again"):
        ClapModel(replace(folder, path=tmp_path), FP32)
