"""A CPU that has no instructions for bfloat16 must not be made to compute in it."""

import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.precision import has_bfloat16  # noqa: E402

pytestmark = pytest.mark.parity


@pytest.mark.parametrize(("capability", "has"), [("AVX512", True), ("AVX2", False)])
def test_a_cpu_computes_in_bfloat16_only_with_avx_512(
    monkeypatch: pytest.MonkeyPatch, capability: str, has: bool
) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    assert has_bfloat16(torch.device("cpu")) is has
    assert has_bfloat16(torch.device("cuda"))
