"""What an installed model says about itself: ``manifest.json`` beside its files."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from anysound.errors import ModelError, reason_of
from anysound.language import Text
from anysound.models.store.disk import write_whole

NAME = "manifest.json"

KindName: TypeAlias = Literal["audio-text", "translator"]
"""``audio-text`` models answer what is heard; a ``translator`` puts labels into English."""

_FORMAT = 1


@dataclass(frozen=True)
class FileFacts:
    """What a file must be.

    Attributes:
        size: In bytes.
        sha256: Of its content, in hexadecimal.
    """

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The facts of one installed model.

    Attributes:
        id: On the hub, such as ``laion/clap-htsat-fused``, or ``local/…`` of a folder.
        revision: The commit on the hub, or a hash of a local folder's content.
        names: Branches and tags by which this revision was asked for.
        source: The hub or the folder it came from.
        license: Of the weights, as the hub has it; None if not told.
        installed: When, in UTC, as ISO 8601.
        anysound: The version that built it.
        facts: What the builder found out, ready for JSON.
        files: Each file by its path in the model's folder, with forward slashes.
        kind: What the model is for; earlier manifests don't say, and are all of the first kind.
    """

    id: str
    revision: str
    names: tuple[str, ...]
    source: str
    license: str | None
    installed: str
    anysound: str
    facts: dict[str, Any]
    files: dict[str, FileFacts]
    kind: KindName = "audio-text"

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest in a model's folder and see that each file is there at full size.

        Raises:
            ModelError: The manifest is missing, damaged or of a newer anysound, or a file is
                missing or cut short.
        """
        try:
            manifest = _parse((folder / NAME).read_text(encoding="utf-8"))
        except OSError as error:
            reason = reason_of(error)
            raise _broken(folder, f"its {NAME}: {reason}", f"{NAME}：{reason}") from error
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise _broken(
                folder, f"its {NAME} can't be read by this version", f"此版本无法读取其 {NAME}"
            ) from error
        for name, facts in manifest.files.items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != facts.size:
                raise _broken(folder, f"{name} is missing or cut short", f"{name} 缺失或不完整")
        return manifest

    def write(self, folder: Path) -> None:
        """Write the manifest into a model's folder, whole or not at all."""
        content = json.dumps({"format": _FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)
        write_whole(folder / NAME, content + "\n")


def _parse(content: str) -> Manifest:
    values = json.loads(content)
    if values.pop("format") != _FORMAT:
        raise ValueError("another format")
    files = {
        str(name): FileFacts(size=int(facts["size"]), sha256=str(facts["sha256"]))
        for name, facts in values.pop("files").items()
    }
    names = tuple(map(str, values.pop("names")))
    manifest = Manifest(**values, names=names, files=files)
    texts = (manifest.id, manifest.revision, manifest.source, manifest.installed)
    if not all(isinstance(text, str) for text in texts) or not isinstance(manifest.facts, dict):
        raise TypeError("a field of another kind")
    if manifest.kind not in get_args(KindName):
        raise ValueError("another kind of model")
    return manifest


def _broken(folder: Path, en: str, zh: str) -> ModelError:
    return ModelError(
        Text(
            en=f"{folder}: this installed model is broken ({en}). Remove it and pull it again.",
            zh=f"{folder}：此模型已损坏（{zh}）。请删除后重新拉取。",
        )
    )
