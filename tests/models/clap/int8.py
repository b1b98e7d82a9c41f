"""Whether this processor can run a model in int8."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from anysound.models.clap.graph import write_probe
from anysound.models.graphs.sessions import int8_is_exact


def _is_exact() -> bool:
    with TemporaryDirectory() as folder:
        write_probe(Path(folder) / "probe.onnx")
        return int8_is_exact(Path(folder) / "probe.onnx")


IS_EXACT = _is_exact()

needs_exact_int8 = pytest.mark.skipif(
    not IS_EXACT, reason="this processor can't multiply int8 exactly: int8 is refused on it"
)
