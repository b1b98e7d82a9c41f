"""Processes that train together learn the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from tests.patience import PATIENCE  # noqa: E402
from training.team import Team  # noqa: E402

pytestmark = pytest.mark.parity

EACH = """
import torch
from training.team import Team

team = Team.joined()
parameters = [torch.nn.Parameter(torch.zeros(2, 2)), torch.nn.Parameter(torch.zeros(3))]
loss = (team.rank + 1.0) * parameters[0].sum() + 4.0 * team.rank * parameters[1].sum()
loss.backward()
team.share(parameters)
assert team.size == 2
assert parameters[0].grad.tolist() == [[1.5, 1.5], [1.5, 1.5]]
assert parameters[1].grad.tolist() == [2.0, 2.0, 2.0]
team.say("shared")
team.leave()
"""


def test_every_process_gets_the_mean_of_all_gradients(tmp_path) -> None:
    script = tmp_path / "each.py"
    script.write_text(EACH)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*command, str(script)],
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["shared"]


def test_one_process_is_a_team_of_its_own() -> None:
    team = Team.joined()
    parameter = torch.nn.Parameter(torch.zeros(2))
    parameter.sum().backward()
    team.share([parameter])
    assert team.leads
    assert parameter.grad.tolist() == [1.0, 1.0]
    team.leave()
