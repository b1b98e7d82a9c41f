"""The translation lexicon in the package is what its sources say."""

from tools.make_lexicon import PACKAGE, concepts, qualities, words


def test_the_words_are_up_to_date() -> None:
    rows = [f"{kind}\t{zh}\t{en}" for zh, (kind, en) in sorted(words().items())]
    assert (PACKAGE / "words.tsv").read_text("utf-8").splitlines() == rows


def test_the_concepts_are_up_to_date() -> None:
    assert (PACKAGE / "concepts.tsv").read_text("utf-8").splitlines() == concepts()


def test_the_qualities_are_up_to_date() -> None:
    assert (PACKAGE / "qualities.tsv").read_text("utf-8").splitlines() == qualities()
