import json
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anysound import UsageError
from anysound.language import Text
from anysound.live.actions import CommandAction
from tests.live.making import an_event, threads, wait_for

_WRITE = """
import json, os, sys
told = {name: value for name, value in os.environ.items() if name.startswith("ANYSOUND_")}
with open(sys.argv[1] + os.environ["ANYSOUND_NUMBER"], "w", encoding="utf-8") as file:
    json.dump([json.load(sys.stdin), told, sys.argv[2:]], file)
"""


@pytest.fixture
def notices() -> list[Text]:
    return []


@pytest.fixture
def act(notices: list[Text]) -> Iterator[Callable[..., CommandAction]]:
    made: list[CommandAction] = []

    def make(*command: str, limit: float = 30.0) -> CommandAction:
        made.append(CommandAction(shlex.join(command), notices.append, limit))
        return made[-1]

    yield make
    for action in made:
        action.close()
    wait_for(lambda: not threads())


def test_the_event_is_on_standard_input_and_in_the_environment(
    act: Callable[..., CommandAction], notices: list[Text], tmp_path: Path
) -> None:
    event = an_event("火警 $(touch x); 'quoted'", number=7)
    act(sys.executable, "-c", _WRITE, f"{tmp_path}/out", "a b", "$HOME").tell(event)
    out = tmp_path / "out7"
    wait_for(lambda: out.exists() and out.stat().st_size)
    wait_for(lambda: out.read_text(encoding="utf-8").endswith("]"))
    told, environment, arguments = json.loads(out.read_text(encoding="utf-8"))
    assert told == event.to_dict()
    assert environment["ANYSOUND_LABEL"] == event.label
    assert environment["ANYSOUND_EVENT"] == "start"
    assert environment["ANYSOUND_SCORE"] == "0.750"
    assert environment["ANYSOUND_END"] == ""
    assert arguments == ["a b", "$HOME"]  # no shell has looked at them
    assert notices == []


def test_a_command_that_hangs_is_killed_with_what_it_started_and_the_next_one_runs(
    act: Callable[..., CommandAction], notices: list[Text], tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    # It starts another that hangs, and reads nothing.
    hang = f"sleep 600 & echo $! >> {pids}; echo $$ >> {pids}; wait"
    action = act("sh", "-c", hang, limit=0.5)
    began = time.monotonic()
    action.tell(an_event(number=1))
    action.tell(an_event(number=2))
    assert time.monotonic() - began < 0.3  # nobody waits for it
    wait_for(lambda: len(notices) == 2)
    assert all("was killed" in notice.en for notice in notices)
    started = [int(line) for line in pids.read_text().split()]
    assert len(started) == 4
    wait_for(lambda: not any(_runs(pid) for pid in started))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (OSError, IndexError):
        return False


def test_a_command_that_fails_is_told(
    act: Callable[..., CommandAction], notices: list[Text]
) -> None:
    act(sys.executable, "-c", "raise SystemExit(3)").tell(an_event())
    wait_for(lambda: notices)
    assert "exit code 3" in notices[0].en
    assert "退出码 3" in notices[0].zh


def test_events_that_come_too_fast_are_dropped_and_told(
    act: Callable[..., CommandAction], notices: list[Text]
) -> None:
    action = act("sleep", "600", limit=0.3)
    for number in range(40):
        action.tell(an_event(number=number))
    assert sum("come faster" in notice.en for notice in notices) >= 19
    action._worker.stopping.ask()  # so that those left don't take their time
    action._worker._waiting.clear()


def test_what_is_no_command() -> None:
    for command, reason in (
        ("", "is empty"),
        ("say 'hello", "a quote is not closed"),
        ("no-such-program-anywhere --now", "no such program"),
    ):
        with pytest.raises(UsageError, match=reason):
            CommandAction(command, print)
    with pytest.raises(UsageError, match="can't run for 0 s"):
        CommandAction("true", print, 0)
    assert not threads()


def test_a_program_that_is_gone_when_it_is_needed(
    act: Callable[..., CommandAction], notices: list[Text], tmp_path: Path
) -> None:
    program = tmp_path / "ring"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    action = act(str(program))
    program.unlink()
    action.tell(an_event())
    wait_for(lambda: notices)
    assert "it failed (No such file" in notices[0].en
