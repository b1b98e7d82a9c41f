"""Text to token ids, as RoBERTa does it: byte-level BPE between two special tokens.

The files of a checkpoint give no more than the vocabulary and its merges; all else is fixed here,
so that a stranger's ``tokenizer.json`` can't change what is done with a text.
"""

import reprlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.processors import RobertaProcessing

from anysound.errors import ModelError, reason_of
from anysound.language import Text
from anysound.models.unicode import check_unicode

_START, _PAD, _END, _UNKNOWN, _MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"


class ClapTokenizer:
    """The tokenizer of a CLAP checkpoint."""

    def __init__(self, tokenizer: Tokenizer, longest: int) -> None:
        """Wrap a tokenizer; users call :meth:`load`."""
        self._tokenizer = tokenizer
        self._longest = longest

    @property
    def size(self) -> int:
        """One more than the largest id that it gives; the model's table must be as long."""
        return max(self._tokenizer.get_vocab().values()) + 1

    @classmethod
    def load(cls, folder: Path, longest: int) -> "ClapTokenizer":
        """Read ``tokenizer.json``, or ``vocab.json`` and ``merges.txt`` where that is missing.

        Args:
            folder: Of the checkpoint, or of the model that was built from it.
            longest: Tokens of the longest text that the model takes.

        Raises:
            ModelError: The files are missing or damaged, or not those of RoBERTa.
        """
        model = _read_model(folder)
        start, end = _id_of(_START, model, folder), _id_of(_END, model, folder)
        tokenizer = Tokenizer(model)
        tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
        tokenizer.post_processor = RobertaProcessing(
            (_END, end), (_START, start), add_prefix_space=False
        )
        # Where a text spells one of these out, it means the token.
        for token in (_START, _PAD, _END, _UNKNOWN, _MASK):
            _id_of(token, model, folder)
            tokenizer.add_special_tokens([AddedToken(token, lstrip=token == _MASK)])
        return cls(tokenizer, longest)

    def save(self, folder: Path) -> None:
        """Write ``vocab.json`` and ``merges.txt``, which load in half the time of the whole.

        Raises:
            OSError: They can't be written.
        """
        try:
            self._tokenizer.model.save(str(folder))
        except Exception as error:  # the library raises nothing more exact
            raise OSError(str(error)) from error

    def encode(self, text: str) -> NDArray[np.int64]:
        """Return the ids of a text's tokens, with those of start and end; shape ``(length,)``.

        Raises:
            ModelError: The text is longer than the model takes, or isn't valid Unicode.
        """
        check_unicode(text)
        ids = self._tokenizer.encode(text).ids
        if len(ids) > self._longest:
            taken, most = len(ids) - 2, self._longest - 2
            raise ModelError(
                Text(
                    en=f"The text {reprlib.repr(text)} is too long: it makes {taken} tokens, and "
                    f"the model takes {most} at most, about {most * 3 // 4} English words. "
                    "Say it in fewer words.",
                    zh=f"文本 {reprlib.repr(text)} 过长：共 {taken} 个 token，"
                    f"模型最多接受 {most} 个（约 {most * 3 // 4} 个英文单词）。请缩短描述。",
                )
            )
        return np.array(ids, dtype=np.int64)


def _read_model(folder: Path) -> BPE:
    whole, vocabulary, merges = (
        folder / name for name in ("tokenizer.json", "vocab.json", "merges.txt")
    )
    try:
        if whole.exists():
            model = Tokenizer.from_file(str(whole)).model
        else:
            model = BPE.from_file(str(vocabulary), str(merges))
    except Exception as error:  # the library raises nothing more exact
        raise _damaged(folder, reason_of(error), reason_of(error)) from error
    if not isinstance(model, BPE):
        name = type(model).__name__
        raise _damaged(folder, f"it is of the kind {name}, not BPE", f"类型为 {name}，而不是 BPE")
    model.dropout = None  # chance, for training only
    return model


def _id_of(token: str, model: BPE, folder: Path) -> int:
    id = model.token_to_id(token)
    if id is None:
        raise _damaged(folder, f"it has no {token}", f"其中没有 {token}")
    return id


def _damaged(folder: Path, en: str, zh: str) -> ModelError:
    return ModelError(
        Text(
            en=f"The tokenizer in {folder} can't be used ({en[:200]}): it needs tokenizer.json, or "
            "vocab.json and merges.txt, as LAION's CLAP models have them. Fetch the model again.",
            zh=f"无法使用 {folder} 中的分词器（{zh[:200]}）：需要 tokenizer.json，"
            "或 vocab.json 与 merges.txt，与 LAION 的 CLAP 模型相同。请重新获取模型。",
        )
    )
