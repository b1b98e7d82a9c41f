"""Text to token ids and back, as transformers' MarianTokenizer does it.

The pieces are those of SentencePiece (arXiv:1808.06226), their ids those of ``vocab.json``. Where
sacremoses is installed, that tokenizer puts punctuation in another form first; that is left out:
labels have hardly any, and ``source.spm`` has a normalisation of its own. The ``tokenizers``
library reads no ``.spm`` by itself, and cuts by an implementation of its own.
"""

import json
import reprlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anysound.errors import MissingExtraError, ModelError, reason_of
from anysound.language import Text
from anysound.models.marian.config import MarianConfig
from anysound.models.unicode import check_unicode

SOURCE, VOCABULARY = "source.spm", "vocab.json"

_UNKNOWN = "<unk>"
_SPACE = "▁"
_LARGEST_FILE = 32 << 20  # bytes; the hub's take a megabyte or two
_MOST_CHARACTERS = 2000  # of a text; SentencePiece isn't given more

_MALFORMED = (ValueError, RecursionError, TypeError, AttributeError)


class MarianTokenizer:
    """The tokenizer of a Marian checkpoint."""

    def __init__(self, pieces: Any, vocabulary: Mapping[str, int], config: MarianConfig) -> None:
        """Take over what was read; users call :meth:`load`."""
        self._pieces = pieces
        self._config = config
        self._unknown = vocabulary[_UNKNOWN]
        special = (config.start, config.end, config.pad, self._unknown)
        self._ids = {piece: id for piece, id in vocabulary.items() if id not in special}
        self._texts = {id: piece for piece, id in self._ids.items()}

    @classmethod
    def load(cls, folder: Path, config: MarianConfig) -> "MarianTokenizer":
        """Read ``source.spm`` and ``vocab.json``.

        Raises:
            ModelError: A file is missing or damaged, or they are not this model's.
            MissingExtraError: SentencePiece is not installed.
        """
        check_installed()
        from sentencepiece import SentencePieceProcessor

        vocabulary = _read_vocabulary(folder / VOCABULARY, config)
        proto = _read(folder / SOURCE)
        try:
            pieces = SentencePieceProcessor()
            pieces.LoadFromSerializedProto(proto)
        except (RuntimeError, OSError, TypeError) as error:
            raise _damaged(
                folder / SOURCE, "it is no model of SentencePiece", "不是 SentencePiece 模型"
            ) from error
        return cls(pieces, vocabulary, config)

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text's tokens, with that of the end.

        Raises:
            ModelError: The text is longer than the model takes, or isn't valid Unicode.
        """
        most = self._config.positions
        if len(text) > _MOST_CHARACTERS:
            raise _too_long(text, most)
        check_unicode(text)
        pieces = self._pieces.encode(text, out_type=str)
        if len(pieces) >= most:
            raise _too_long(text, most)
        return [*(self._ids.get(piece, self._unknown) for piece in pieces), self._config.end]

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids, without special tokens and superfluous spaces."""
        joined = "".join(self._texts.get(id, "") for id in ids)
        return " ".join(joined.replace(_SPACE, " ").split())


def check_installed() -> None:
    """See that SentencePiece is there.

    Raises:
        MissingExtraError: It is not.
    """
    try:
        import sentencepiece  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            Text(en="Translating labels with a model", zh="用模型翻译标签"), "translate"
        ) from error


def _read_vocabulary(path: Path, config: MarianConfig) -> dict[str, int]:
    content = _read(path)
    try:
        vocabulary = json.loads(content)
        ids = set(vocabulary.values())
        is_fine = all(type(id) is int and 0 <= id < config.vocabulary for id in ids)
        if not is_fine or len(ids) != len(vocabulary):
            raise ValueError("not one id in range for each piece")
    except _MALFORMED as error:
        raise _damaged(
            path,
            f"it doesn't give each piece an id of its own below {config.vocabulary}",
            f"其中的词元编号重复，或不小于 {config.vocabulary}",
        ) from error
    if _UNKNOWN not in vocabulary or vocabulary.get("</s>") != config.end:
        raise _damaged(
            path,
            f"it has no {_UNKNOWN}, or its </s> is not number {config.end}",
            f"其中没有 {_UNKNOWN}，或 </s> 的编号不是 {config.end}",
        )
    return dict(vocabulary)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise _damaged(path, reason_of(error), reason_of(error)) from error
    if len(content) > _LARGEST_FILE:
        raise _damaged(path, "it is far too large", "文件过大")
    return content


def _damaged(path: Path, en: str, zh: str) -> ModelError:
    return ModelError(
        Text(
            en=f"{path} can't be used ({en}). Fetch the model again.",
            zh=f"无法使用 {path}（{zh}）。请重新获取模型。",
        )
    )


def _too_long(text: str, most: int) -> ModelError:
    return ModelError(
        Text(
            en=f"The text {reprlib.repr(text)} is too long to translate: the model takes "
            f"{most - 1} tokens at most. Say it in fewer words.",
            zh=f"文本 {reprlib.repr(text)} 过长，无法翻译：模型最多接受 {most - 1} 个 token。"
            "请缩短描述。",
        )
    )
