"""The encodings that text files come in."""

import codecs


def decoded(content: bytes) -> str | None:
    """Decode UTF-8, UTF-16 with its mark, or GB18030, which Chinese Windows programs write.

    Returns:
        The text without a mark, or None if it is none of them.
    """
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
