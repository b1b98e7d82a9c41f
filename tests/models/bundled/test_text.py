from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.errors import ModelError
from anysound.language import use
from anysound.models.bundled.text import TextTable, Vocabulary

# Costs as if each token were that rare; "狗叫声" can be cut in two ways.
COSTS = {
    "dog": 700,
    "bark": 900,
    "ing": 800,
    "barking": 1000,
    "sound": 500,
    "狗": 700,
    "狗叫": 1100,
    "叫": 600,
    "叫声": 900,
    "声": 500,
    "警报": 900,
    "7": 900,
}
TOKENS = tuple(COSTS)
SIMPLIFIED = {ord(old): ord(new) for old, new in zip("聲報", "声报", strict=True)}
VOCABULARY = Vocabulary(TOKENS, tuple(COSTS.values()), SIMPLIFIED)
RNG = np.random.default_rng(0)
ROWS = RNG.integers(-127, 128, (len(TOKENS), 16)).astype(np.int8)
SCALES = RNG.uniform(0.001, 0.01, len(TOKENS)).astype(np.float32)
TABLE = TextTable(VOCABULARY, ROWS, SCALES)

known_words = st.sampled_from(TOKENS)
labels = st.lists(known_words, min_size=1, max_size=6).map(" ".join)


def cut(text: str) -> list[str]:
    return [TOKENS[token] for token in VOCABULARY.cut(text)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tokens.txt").write_text("\n".join(TOKENS) + "\n", "utf-8")
    (tmp_path / "characters.txt").write_text("聲報\n声报\n", "utf-8")
    np.save(tmp_path / "costs.npy", np.array(list(COSTS.values()), np.int16))
    np.save(tmp_path / "table.npy", ROWS)
    np.save(tmp_path / "scales.npy", SCALES)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("dog barking", ["dog", "barking"]),
        ("Dog  BARKING!", ["dog", "barking"]),
        ("dogbark", ["dog", "bark"]),
        ("dóg", ["dog"]),
        ("dog xqz bark", ["dog", "bark"]),
        ("xdogx", ["dog"]),
        ("狗叫聲", ["狗", "叫声"]),
        ("犬狗犬", ["狗"]),
        ("狗,叫 声", ["狗", "叫", "声"]),
        ("dog警報7", ["dog", "警报", "7"]),
        ("ひらがな", []),
        ("", []),
    ],
)
def test_cuts_a_text_into_its_likeliest_tokens(text: str, tokens: list[str]) -> None:
    assert cut(text) == tokens


def test_the_cheaper_cut_wins() -> None:
    cheap_whole = Vocabulary(TOKENS, tuple({**COSTS, "狗叫": 300}.values()), {})
    assert [TOKENS[token] for token in cheap_whole.cut("狗叫声")] == ["狗叫", "声"]


@given(st.text(alphabet="dogbarkings狗叫声警报犬x7 ,é", max_size=40))
def test_a_cut_keeps_order_and_invents_nothing(text: str) -> None:
    normal = VOCABULARY.normalise(text)
    place = 0
    for token in cut(text):
        place = normal.index(token, place) + len(token)


def test_embedding_is_the_unit_sum_of_rows() -> None:
    rows = [TOKENS.index("dog"), TOKENS.index("barking")]
    total = (ROWS[rows].astype(np.float64) * SCALES[rows, None]).sum(axis=0)
    (found,) = TABLE.embed(["dog barking"])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, total / np.linalg.norm(total), rtol=1e-5)


@pytest.mark.parametrize(
    ("one", "other"),
    [("DOG barking", "dog、barking"), ("dog 7", "dog7"), ("狗叫聲", "狗叫声")],
)
def test_forms_of_one_text_are_one(one: str, other: str) -> None:
    first, second = TABLE.embed([one, other])
    assert first.tobytes() == second.tobytes()


@given(st.lists(labels, min_size=1, max_size=5))
def test_a_text_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = TABLE.embed(texts)
    assert together.shape == (len(texts), TABLE.dim)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)
    for text, row in zip(texts, together, strict=True):
        assert TABLE.embed([text])[0].tobytes() == row.tobytes()


def test_threads_may_share_a_table() -> None:
    texts = [f"{one} {other}" for one in TOKENS for other in TOKENS]
    fresh = TextTable(Vocabulary(TOKENS, tuple(COSTS.values()), SIMPLIFIED), ROWS, SCALES)
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: fresh.embed([text])[0], texts))
    np.testing.assert_array_equal(rows, TABLE.embed(texts))


def test_no_text_gives_no_rows() -> None:
    assert TABLE.embed([]).shape == (0, 16)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        TABLE.embed(["dog", text])
    with use("en"):
        assert "empty" in str(caught.value)
    with use("zh"):
        assert "为空" in str(caught.value)


@pytest.mark.parametrize("text", ["xqzv", "ひらがな", "?!", "犬"])
def test_a_text_without_a_known_word_is_refused_by_name(text: str) -> None:
    assert TABLE.known(text) == 0
    with pytest.raises(ModelError) as caught:
        TABLE.embed([text])
    assert text in caught.value.text.en
    assert text in caught.value.text.zh


@pytest.mark.parametrize(
    ("text", "share"),
    [("dog", 1), ("dog - 狗!", 1), ("dogxxx", 0.5), ("狗犬", 0.5), ("ひ狗", 0.5), ("…", 0)],
)
def test_known_counts_letters_and_characters(text: str, share: float) -> None:
    assert TABLE.known(text) == pytest.approx(share)


def test_a_folder_gives_the_same_table(folder: Path) -> None:
    loaded = TextTable.load(folder)
    texts = ["dog barking", "警報聲"]
    assert loaded.embed(texts).tobytes() == TABLE.embed(texts).tobytes()


@pytest.mark.parametrize(
    "name", ["tokens.txt", "costs.npy", "table.npy", "scales.npy", "characters.txt"]
)
@pytest.mark.parametrize("content", [None, b"", b"\xff\x00 broken"])
def test_a_missing_or_damaged_file_is_a_model_error(
    folder: Path, name: str, content: bytes | None
) -> None:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=folder.name):
        TextTable.load(folder)


def test_files_that_do_not_belong_together_are_a_model_error(folder: Path) -> None:
    np.save(folder / "scales.npy", SCALES[:-1])
    with pytest.raises(ModelError, match="different lengths"):
        TextTable.load(folder)
