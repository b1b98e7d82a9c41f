"""What recordings have taught about a label, beside its phrases."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anysound.errors import LabelError
from anysound.language import Text

MAX_TEXT = 1 << 15
"""Characters of the longest direction: ten times what any model needs."""

_STORED = np.dtype("<f2")


@dataclass(frozen=True)
class Examples:
    """What a label's examples add to the direction of its phrases, for one model only.

    Attributes:
        recordings: How many there were.
        model: Id of the model that heard them; embeddings of others can't be compared.
        revision: Its revision.
        learnt: The direction that is added, shape ``(dim,)``, as base64 of little-endian float16:
            text, so that it can stand in a label file and be compared.
    """

    recordings: int
    model: str
    revision: str
    learnt: str

    @classmethod
    def of(
        cls, recordings: int, model: str, revision: str, direction: NDArray[np.floating]
    ) -> "Examples":
        """Keep a direction."""
        content = np.asarray(direction).astype(_STORED).tobytes()
        return cls(recordings, model, revision, base64.b64encode(content).decode())

    @property
    def direction(self) -> NDArray[np.float32]:
        """The direction that is added to that of the phrases, shape ``(dim,)``.

        Raises:
            LabelError: What is kept is none.
        """
        try:
            content = base64.b64decode(self.learnt, validate=True)
            direction = np.frombuffer(content, _STORED).astype(np.float32)
        except (ValueError, binascii.Error):
            raise _damaged() from None
        if not len(direction) or not np.isfinite(direction).all():
            raise _damaged()
        return direction

    def to_dict(self) -> dict[str, Any]:
        """Return the examples in the form of a label file."""
        return {
            "recordings": self.recordings,
            "model": self.model,
            "revision": self.revision,
            "learnt": self.learnt,
        }


def _damaged() -> LabelError:
    return LabelError(
        Text(
            en="What was learnt from examples is damaged: teach the labels again with "
            "`anysound teach`.",
            zh="从示例中学到的内容已损坏：请用 `anysound teach` 重新教一遍。",
        )
    )
