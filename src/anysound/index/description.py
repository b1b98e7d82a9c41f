"""What an index says of itself: who embedded its windows, and which versions of its tables count.

It is small, and what makes a change to both tables one change: it is replaced as a whole when both
are written, and what is written to a table without it does not count. Where it lies, and how it is
replaced, is for ``places`` to say.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from anysound.errors import ArchiveError, reason_of
from anysound.language import Text
from anysound.models import ModelInfo
from anysound.models.load import BUNDLED

VERSION = 1
"""Of the layout; an index of a later one is refused."""


@dataclass(frozen=True)
class StoredModel:
    """The model that embedded an index's windows, and how they lie.

    Attributes:
        id: Of the model.
        revision: Names its very weights.
        precision: Of its weights.
        dim: Length of an embedding.
        unit: Length of the longest recording that is one window, in seconds.
        window: Length of a window of a longer one, in seconds.
        hop: From the start of one window to the next, in seconds.
    """

    id: str
    revision: str
    precision: str
    dim: int
    unit: float
    window: float
    hop: float

    @classmethod
    def of(cls, info: ModelInfo) -> "StoredModel":
        """Return what is stored of a model; its windows lie as ``classify`` lays them."""
        return cls(
            info.id,
            info.revision,
            info.precision,
            info.dim,
            info.unit,
            info.window,
            info.window / 2,
        )

    @property
    def name(self) -> str:
        """What the model is loaded by."""
        return self.id if self.id == BUNDLED else f"{self.id}@{self.revision}"

    @property
    def fused(self) -> bool:
        """Whether recordings longer than a window were embedded as one unit."""
        return self.unit > self.window

    def __str__(self) -> str:
        return f"{self.id} {self.revision} ({self.precision}, {self.unit:g} s, {self.window:g} s)"


@dataclass(frozen=True)
class Description:
    """What an index says of itself.

    Attributes:
        model: Whose embeddings it holds.
        windows: Version of the table of windows that counts; 0 is none yet.
        recordings: Version of the table of recordings that counts.
        number: How many descriptions the index has had, where they are counted; else 0.
    """

    model: StoredModel
    windows: int = 0
    recordings: int = 0
    number: int = field(default=0, compare=False)

    def to_bytes(self, **more: str) -> bytes:
        """Return what is written, with more that only tells one writing from another."""
        tables = {"windows": self.windows, "recordings": self.recordings}
        content = {"anysound index": VERSION, "model": asdict(self.model), **tables, **more}
        return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def description_of(index: str, path: str, written: bytes, number: int = 0) -> Description:
    """Return what an index says of itself.

    Args:
        index: Where the index is.
        path: Where this was read.
        written: What was read.
        number: Which description it is.

    Raises:
        ArchiveError: It is of a later version, or damaged.
    """
    try:
        content: dict[str, Any] = json.loads(written)
        version = content["anysound index"]
        if version == VERSION:
            model = StoredModel(**content["model"])
            return Description(model, int(content["windows"]), int(content["recordings"]), number)
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(path, error) from error
    raise ArchiveError(
        Text(
            en=f"{index}: this index is of version {version}, and this anysound reads version "
            f"{VERSION}. Update anysound: pip install -U anysound",
            zh=f"{index}：该索引的版本是 {version}，当前 anysound 只能读取版本 {VERSION}。"
            "请升级：pip install -U anysound",
        )
    )


def check_model(index: str, stored: StoredModel, info: ModelInfo) -> None:
    """Make sure that a model may answer from an index's windows, or add to them.

    Raises:
        ArchiveError: They are another model's.
    """
    model = StoredModel.of(info)
    if model != stored:
        raise ArchiveError(
            Text(
                en=f"{index}: the index was made with {stored}, and the model now is {model}: "
                "their embeddings can't be compared. Choose that model with --model and "
                "--precision, or make another index.",
                zh=f"{index}：该索引由 {stored} 生成，而当前模型是 {model}，两者的嵌入向量无法"
                "比较。请用 --model、--precision 选择原来的模型，或另建一个索引。",
            )
        )


def absent(index: str) -> ArchiveError:
    """Say that there is no index."""
    return ArchiveError(
        Text(
            en=f"{index}: there is no index. Make one: anysound index add {index} RECORDINGS",
            zh=f"{index}：这里没有索引。创建方法：anysound index add {index} 录音文件夹",
        )
    )


def damaged(path: str, error: Exception) -> ArchiveError:
    """Say that a description can't be read."""
    reason = reason_of(error)
    return ArchiveError(
        Text(
            en=f"{path}: this can't be read as an index's description ({reason}). Take it from a "
            "copy of the index, or add the recordings to a new one.",
            zh=f"{path}：无法读取索引的描述文件（{reason}）。请从备份恢复，或重新建立索引。",
        )
    )
