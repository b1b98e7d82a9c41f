"""How the audio room words its errors: the recording first, then the reason and the remedy."""

from anysound.errors import RecordingError
from anysound.language import Text


def problem(name: str, en: str, zh: str) -> RecordingError:
    """Make the error that says what is wrong with the recording called ``name``."""
    return RecordingError(Text(en=f"{name}: {en}", zh=f"{name}：{zh}"))
