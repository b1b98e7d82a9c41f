"""Other words for the qualifiers of a phrase."""

import pytest

from anysound.labels.wordings import other_wordings


@pytest.mark.parametrize(
    ("phrase", "others"),
    [
        ("dog barking(short)", {"dog barking(short)", "dog barking(brief)"}),
        ("dog barking, short", {"dog barking, short", "dog barking, brief"}),
        ("brief dog barking", {"short dog barking", "brief dog barking"}),
        (
            "behind a wall dog barking",
            {f"{q} dog barking" for q in ("behind a wall", "muffled", "indistinct")},
        ),
        ("狗叫(短促)", {"狗叫(短促)", "狗叫(短暂)"}),
        ("短促的狗叫", {"短促的狗叫", "短暂的狗叫"}),
        ("狗叫（短促，近处）", {"狗叫（短促，近处）", "狗叫（短暂，很近）"}),
        ("Short", {"Short"}),
    ],
)
def test_other_words_stand_where_the_qualifier_stood(phrase: str, others: set[str]) -> None:
    assert set(other_wordings(phrase)) == others
    assert other_wordings(phrase)[0] == phrase


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "short circuit buzzing",
            "high heels on a floor",
            "dog barking",
            "dog barking(wet)",
            "狗叫",
        ),
        *("", "()", "的", "狗的叫声", "clean room, fan running", "low"),
    ],
)
def test_words_that_are_no_qualifiers_stay(phrase: str) -> None:
    assert other_wordings(phrase) == (phrase,)
