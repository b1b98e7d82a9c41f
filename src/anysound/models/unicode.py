"""Texts that no tokenizer can take."""

import reprlib

from anysound.errors import ModelError
from anysound.language import Text


def check_unicode(text: str) -> None:
    """Make sure that a text is valid Unicode.

    Raises:
        ModelError: It isn't.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ModelError(
            Text(
                en=f"The text {reprlib.repr(text)} holds half a character (a lone surrogate), "
                "which stands for nothing: take it out.",
                zh=f"文本 {reprlib.repr(text)} 中含有不完整的字符（孤立代理项），请将其去掉。",
            )
        ) from error
