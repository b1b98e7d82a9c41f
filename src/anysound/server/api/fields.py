"""What the API takes: the fields of its forms, and its bodies."""

from typing import Annotated, Any, Literal, TypeAlias

from fastapi import File, Form, UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.datastructures import UploadFile as SentFile
from starlette.exceptions import HTTPException

from anysound.encoding import decoded
from anysound.labels.files import MAX_FILE_BYTES
from anysound.reading import Untranslated
from anysound.server.listener import Upload


def _text(sent: Any) -> Any:
    """Return the text of a field that was sent as a file, as curl's ``-F labels=@FILE`` does."""
    if not isinstance(sent, SentFile):
        return sent
    text = decoded(sent.file.read(MAX_FILE_BYTES + 1))
    if text is None:
        raise ValueError("no text")
    return text


RecordingField: TypeAlias = Annotated[
    UploadFile, File(description="A recording of any common format.")
]
RecordingsField: TypeAlias = Annotated[
    list[UploadFile], File(description="Recordings of any common format.")
]
LabelsField: TypeAlias = Annotated[
    str,
    BeforeValidator(_text),
    Form(
        description="Labels in one line, separated by commas; or the text of a YAML or JSON label "
        "set, also as a file.",
        examples=["dog barking, rain, 狗叫声"],
    ),
]
ThresholdField: TypeAlias = Annotated[
    float, Form(gt=0, lt=1, description="Score from which on a label is active.")
]
GapField: TypeAlias = Annotated[
    float, Form(ge=0, le=3600, description="Seconds of a pause that an event outlasts.")
]
WindowField: TypeAlias = Annotated[
    float | None, Form(ge=0.1, le=60, description="Length of the windows in seconds.")
]
HopField: TypeAlias = Annotated[
    float | None,
    Form(ge=0.02, le=60, description="From one window's start to the next one's, in seconds."),
]
TopField: TypeAlias = Annotated[
    int | None,
    Form(ge=1, le=1000, description="In place of events, so many best moments of each label."),
]
NoneBelowField: TypeAlias = Annotated[
    float | None,
    Form(
        ge=-1,
        le=1,
        description="A best similarity under this is no match; by default as the model has it.",
        examples=[0.3],
    ),
]
AmbiguousWithinField: TypeAlias = Annotated[
    float | None,
    Form(
        ge=0,
        le=1,
        description="Two best probabilities closer than this are too close to call; by default as "
        "the model has it.",
        examples=[0.1],
    ),
]
UntranslatedField: TypeAlias = Annotated[
    Untranslated | None,
    Form(
        description="What becomes of a Chinese label without English, where the model reads no "
        "Chinese: an error, or passed on as it is.",
        examples=["keep"],
    ),
]
BestField: TypeAlias = Annotated[
    int | None,
    Form(ge=1, le=1000, description="So many of the best labels are in the answer.", examples=[5]),
]

_ShortText: TypeAlias = Annotated[str, Field(min_length=1, max_length=2000)]


class Texts(BaseModel):
    """Texts to embed, as they are: no template is applied."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"texts": ["a dog barks", "狗叫声"]}]}
    )

    texts: Annotated[list[_ShortText], Field(min_length=1, max_length=256)]


class Hello(BaseModel):
    """The first message of a live stream.

    Attributes:
        labels: What to listen for, as in the forms.
        rate: Of raw samples, in Hz.
        channels: Of raw samples.
        format: Raw samples, or Opus in Ogg or WebM, as browsers record it.
        language: Of messages; by default what Accept-Language asks for.
        moments: Whether what is heard just now is told, too.
        threshold: As for a timeline.
        gap: Likewise.
        window: Likewise.
        hop: Likewise.
        hold: Seconds that a label must be heard before it counts.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    labels: str
    rate: int = 48_000
    channels: int = 1
    format: Literal["pcm_s16le", "pcm_f32le", "opus"] = "pcm_s16le"
    language: Literal["en", "zh"] | None = None
    moments: bool = True
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    gap: Annotated[float, Field(ge=0, le=3600)] = 1.0
    window: Annotated[float | None, Field(ge=0.1, le=60)] = None
    hop: Annotated[float | None, Field(ge=0.02, le=60)] = None
    hold: Annotated[float, Field(ge=0, le=3600)] = 0.0


def upload_of(file: UploadFile, most: int) -> Upload:
    """Return a sent file as the listener takes it.

    Args:
        file: As it was sent.
        most: Bytes that it may have.

    Raises:
        HTTPException: It is too large.
    """
    if (file.size or 0) > most:
        raise HTTPException(413)
    return Upload(file.filename, file.file)
