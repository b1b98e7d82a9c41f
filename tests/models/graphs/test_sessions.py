"""Graphs that run, or say in a line why they don't."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from anysound import ModelError
from anysound.models.clap.graph import write_probe
from anysound.models.graphs import sessions
from anysound.models.graphs.sessions import int8_is_exact, open_session


@pytest.fixture
def probe(tmp_path: Path) -> Path:
    path = tmp_path / "probe.onnx"
    write_probe(path)
    return path


def test_int8_is_exact_where_no_sum_saturates(probe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = np.full((4, 16), 255 * 127 * 64, np.float32)
    for sums, expected in ((exact, True), (exact - 1, False)):

        class Processor:
            def run(self, outputs: None, feed: object, sums: object = sums) -> list[object]:
                return [sums]

        monkeypatch.setattr(sessions, "open_session", lambda graph, made=Processor: made())
        assert int8_is_exact(probe) == expected


def test_the_probe_computes_what_this_processor_does(probe: Path) -> None:
    small = np.ones((4, 64), np.uint8)  # nothing saturates here, on any processor
    (sums,) = open_session(probe).run(None, {"rows": small})
    assert np.all(sums == 127 * 64)


def test_without_cuda_a_gpu_is_refused_in_a_line(probe: Path) -> None:
    with pytest.raises(ModelError, match=r"cuda:3.*without CUDA"):
        open_session(probe, "cuda:3")


@pytest.mark.filterwarnings("ignore:Specified provider")
def test_what_cuda_complains_of_becomes_that_line(
    probe: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """onnxruntime prints its complaints where our answers go."""
    monkeypatch.setattr(sessions, "has_cuda", lambda: True)
    monkeypatch.setattr(ort, "preload_dlls", lambda: print("no libcublas\nsee the page"))
    with pytest.raises(ModelError, match=r"\(no libcublas\)"):
        open_session(probe, "cuda")
    monkeypatch.setattr(ort, "preload_dlls", lambda: None)
    with pytest.raises(ModelError, match="did not start"):
        open_session(probe, "cuda")
    assert capfd.readouterr().out == ""


def test_a_damaged_graph_is_told(tmp_path: Path) -> None:
    for content in (b"", b"no graph"):
        (tmp_path / "audio.fp32.onnx").write_bytes(content)
        with pytest.raises(ModelError, match="pull it again"):
            open_session(tmp_path / "audio.fp32.onnx")
