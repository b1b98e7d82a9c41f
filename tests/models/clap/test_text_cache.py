import multiprocessing
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anysound.models.clap import text_cache
from anysound.models.clap.text_cache import TextCache
from anysound.models.protocol import Embeddings

KEY = "laion/clap-htsat-fused@365dea6 int8"
DIM = 16


def texts(n: int, start: int = 0) -> list[str]:
    return [f"This is a sound of number {i}." for i in range(start, start + n)]


def rows(some: Sequence[str], dim: int = DIM) -> Embeddings:
    """Embeddings that depend on the text alone."""
    made = [np.random.default_rng(list(text.encode())).normal(size=dim) for text in some]
    return np.array(made, dtype=np.float32).reshape(len(some), dim)


def check(cache: TextCache, some: Sequence[str]) -> int:
    """Return how many of the texts are kept; each of these must be right."""
    found = cache.get(some)
    assert len(found) == len(some)
    for row, expected in zip(found, rows(some), strict=True):
        assert row is None or (row.dtype == np.float32 and row.tobytes() == expected.tobytes())
    return sum(row is not None for row in found)


def only_file(folder: Path) -> Path:
    (path,) = folder.glob("*.sqlite")
    return path


def test_nothing_is_kept_at_first_and_no_file_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    assert TextCache(folder, KEY).get(["rain", "rain"]) == [None, None]
    assert not folder.exists()


def test_what_was_put_comes_back_in_another_process_s_cache(tmp_path: Path) -> None:
    some = texts(1200)  # more than one query takes
    TextCache(tmp_path / "a" / "b", KEY).put(some, rows(some))
    cache = TextCache(tmp_path / "a" / "b", KEY)
    assert check(cache, some) == 1200
    assert check(cache, ["unknown", some[3], some[3], ""]) == 2


def test_no_text_is_no_work(tmp_path: Path) -> None:
    cache = TextCache(tmp_path, KEY)
    cache.put([], rows([]))
    assert cache.get([]) == []


@given(
    text=st.text(),
    row=arrays(np.float32, DIM, elements=st.floats(width=32, allow_subnormal=True)),
)
def test_it_comes_back_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory, text: str, row: Embeddings
) -> None:
    cache = TextCache(tmp_path_factory.getbasetemp() / "bits", KEY)
    cache.put([text], row[None])
    (found,) = cache.get([text])
    assert found is not None
    assert found.tobytes() == row.tobytes()


def test_models_are_kept_apart(tmp_path: Path) -> None:
    TextCache(tmp_path, KEY).put(["rain"], rows(["rain"]))
    other = TextCache(tmp_path, KEY.replace("int8", "fp32"))
    assert other.get(["rain"]) == [None]
    other.put(["rain"], rows(["another"]))
    assert check(TextCache(tmp_path, KEY), ["rain"]) == 1


def test_a_file_under_another_model_s_name_is_not_believed(tmp_path: Path) -> None:
    some, other = TextCache(tmp_path / "a", KEY), TextCache(tmp_path / "b", "other")
    some.put(["rain"], rows(["rain"]))
    other.put(["hail"], rows(["hail"]))
    only_file(tmp_path / "a").replace(only_file(tmp_path / "b"))
    assert other.get(["rain"]) == [None]


def test_half_a_character_does_no_harm(tmp_path: Path) -> None:
    cache = TextCache(tmp_path, KEY)
    assert cache.get(["\ud83d"]) == [None]


def test_the_oldest_give_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_cache, "LIMIT", 50)
    cache = TextCache(tmp_path, KEY)
    for start in range(0, 200, 20):
        some = texts(20, start)
        cache.put(some, rows(some))
    assert check(cache, texts(150)) == 0
    assert check(cache, texts(50, 150)) == 50
    size = only_file(tmp_path).stat().st_size
    for start in range(200, 1000, 20):
        cache.put(texts(20, start), rows(texts(20, start)))
    assert only_file(tmp_path).stat().st_size <= 2 * size


def test_threads_share_a_cache(tmp_path: Path) -> None:
    cache = TextCache(tmp_path, KEY)

    def work(start: int) -> int:
        some = texts(10, start)
        cache.put(some, rows(some))
        return check(cache, some)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(0, 400, 5))) == [10] * 80


def _put_and_get(folder: Path, start: int) -> int:
    cache = TextCache(folder, KEY)
    for offset in range(0, 100, 5):
        some = texts(10, start + offset)
        cache.put(some, rows(some))
        check(cache, texts(200))
    return check(cache, texts(105, start))


def test_processes_share_a_cache(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(3) as pool:
        kept = pool.starmap(_put_and_get, [(tmp_path, start) for start in (0, 50, 95)])
    assert kept == [105, 105, 105]
    assert check(TextCache(tmp_path, KEY), texts(200)) == 200


_WRITER = """
import sys
from pathlib import Path
from tests.models.clap.test_text_cache import KEY, TextCache, rows, texts
cache = TextCache(Path(sys.argv[1]), KEY)
print("ready", flush=True)
while True:
    for start in range(0, 500, 50):
        cache.put(texts(50, start), rows(texts(50, start)))
"""


def test_a_killed_writer_leaves_a_cache_that_works(tmp_path: Path) -> None:
    cache = TextCache(tmp_path, KEY)
    for kill_after in (0.01, 0.03, 0.06):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(kill_after)
        writer.kill()
        assert writer.wait() == -signal.SIGKILL
        writer.stdout.close()
        check(cache, texts(500))
        cache.put(["rain"], rows(["rain"]))
        assert check(cache, ["rain"]) == 1


def _flip(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 10, 1000])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _flip_front(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(200)] = chance.randrange(256)


def _cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def _overwrite(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    content[start : start + 4096] = chance.randbytes(len(content[start : start + 4096]))


@pytest.mark.parametrize("damage", [_flip, _flip_front, _cut, _overwrite])
def test_damage_is_never_shown_and_heals(
    tmp_path: Path, damage: Callable[[bytearray, random.Random], None]
) -> None:
    chance = random.Random(0)
    cache = TextCache(tmp_path, KEY)
    some = texts(300)
    cache.put(some, rows(some))
    whole = only_file(tmp_path).read_bytes()
    healed = 0
    for _ in range(40):
        content = bytearray(whole)
        damage(content, chance)
        only_file(tmp_path).write_bytes(content)
        for _ in range(6):  # as a model uses it: look up, then put what was missing
            found = cache.get(some)
            missing = [text for text, row in zip(some, found, strict=True) if row is None]
            cache.put(missing, rows(missing))
        healed += check(cache, some) == len(some)
    assert healed >= 39  # the flipped bit by which SQLite takes a file for read-only stays


def test_a_folder_that_is_a_file_is_gone_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "texts"):
        cache = TextCache(folder, KEY)
        cache.put(["rain"], rows(["rain"]))
        assert cache.get(["rain"]) == [None]


def test_a_folder_without_permission_is_gone_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    cache = TextCache(tmp_path / "texts", KEY)
    monkeypatch.setattr(Path, "mkdir", refuse)
    cache.put(["rain"], rows(["rain"]))
    assert cache.get(["rain"]) == [None]


def test_a_writer_that_never_ends_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = TextCache(tmp_path, KEY)
    cache.put(["rain"], rows(["rain"]))
    monkeypatch.setattr(text_cache, "_PATIENCE", 0.05)
    with closing(sqlite3.connect(only_file(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert cache.get(["rain"]) == [None]
        cache.put(["hail"], rows(["hail"]))
        other.execute("ROLLBACK")
    assert check(cache, ["rain"]) == 1
