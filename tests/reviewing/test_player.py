"""Playing by the programs that a machine has."""

import shutil
from pathlib import Path

import pytest

from anysound.reviewing import Excerpt, Player, find_player
from tests.fakes import tone
from tests.reviewing.making import write_player

EXCERPT = Excerpt(tone(440, 0.1), 0.0)


def test_a_player_is_found_and_given_the_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_player() is None
    played = write_player(tmp_path)
    player = find_player()
    assert player is not None
    with player.playing(EXCERPT), played.open("rb") as pipe:  # opening waits for the player
        assert pipe.read() == EXCERPT.as_wav()
    assert player.name == "aplay"


def test_a_player_is_stopped_with_the_block() -> None:
    player = Player((shutil.which("sh") or "sh", "-c", "exec sleep 1000"))
    with player.playing(EXCERPT):
        pass
    assert not player.is_broken


def test_a_player_that_fails_or_is_gone() -> None:
    gone = Player(("/no/such/player",))
    with gone.playing(EXCERPT):
        pass
    assert gone.is_broken
