"""Errors go from process to process as they are."""

import pickle

import pytest

from anysound.errors import (
    AnysoundError,
    BusyError,
    LabelError,
    MissingExtraError,
    RecordingError,
)
from anysound.language import Text, use

TEXT = Text(en="no sound", zh="没有声音")


@pytest.mark.parametrize(
    "error",
    [
        RecordingError(TEXT),
        LabelError(TEXT, position=3),
        BusyError(TEXT, retry_after=2),
        MissingExtraError(Text(en="A table", zh="表格"), "tables"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_it_arrives_as_it_was_sent(error: AnysoundError) -> None:
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is type(error)
    assert vars(other) == vars(error)
    for language in ("en", "zh"):
        with use(language):
            assert str(other) == str(error)
