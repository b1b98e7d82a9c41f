"""What the API answers, typed; each is what a result's ``to_dict`` gives."""

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Span: TypeAlias = tuple[float, float]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ScoreAnswer(_Answer):
    """How well one label fits."""

    label: str
    probability: float
    similarity: float | None
    phrases: list[str]
    span: Span | None
    avoided: list[str]


class GroupAnswer(_Answer):
    """Labels that differ in their brackets only, summed up."""

    group: str
    probability: float
    labels: list[str]


class ClassifyAnswer(_Answer):
    """What a recording holds."""

    recording: str
    duration: float
    model: str
    revision: str
    precision: str
    verdict: Literal["match", "ambiguous", "none"]
    label: str
    probability: float
    margin: float
    needed: float
    scores: list[ScoreAnswer]
    groups: list[GroupAnswer]
    clear_group: str | None
    advice: str | None
    analysed: list[Span]
    telling: Span | None
    warnings: list[str]
    hint: str | None


class EventAnswer(_Answer):
    """A label that is heard over a span."""

    recording: str
    start: float
    end: float
    label: str
    score: float


class TimelineAnswer(_Answer):
    """All events of a recording, with what the last line of a stream says."""

    recording: str
    duration: float
    model: str
    revision: str
    precision: str
    window: float
    hop: float
    warnings: list[str]
    events: list[EventAnswer]


class AudioEmbedding(_Answer):
    """The embedding of a recording."""

    recording: str
    embedding: list[float]


class TextEmbedding(_Answer):
    """The embedding of a text."""

    text: str
    embedding: list[float]


class _Embeddings(_Answer):
    model: str
    revision: str
    precision: str
    dim: int


class EmbedAudioAnswer(_Embeddings):
    """Embeddings of recordings, in the order in which they were sent."""

    embeddings: list[AudioEmbedding]


class EmbedTextAnswer(_Embeddings):
    """Embeddings of texts, in the order in which they were sent."""

    embeddings: list[TextEmbedding]


class CheckedLabel(BaseModel):
    """A label as it is understood; in the form of a label file, with where it stands."""

    name: str
    phrases: list[str]
    avoid: list[str]
    weight: float
    when: dict[str, Any] | None
    group: str | None
    qualifiers: list[str]
    spans: list[tuple[int, int]]
    heard_as: list[str] | None


class EditAnswer(_Answer):
    """A change of the line that was sent."""

    start: int
    end: int
    text: str


class FindingAnswer(BaseModel):
    """What could be written better."""

    kind: str
    labels: list[str]
    what: str
    why: str
    rewrite: str | None
    edits: list[EditAnswer]


class CheckAnswer(_Answer):
    """Labels as they are understood, and what could be written better."""

    labels: list[CheckedLabel]
    findings: list[FindingAnswer]


class AnsweringModel(_Answer):
    """The model that answers."""

    id: str
    revision: str
    precision: str
    dim: int
    rate: int
    window: float
    languages: list[str]
    license: str
    device: str


class InstalledModel(_Answer):
    """A model on the server."""

    id: str
    kind: Literal["audio-text", "translator"]
    revision: str
    license: str | None
    precision: str
    size: int = Field(description="In bytes.")


class ModelsAnswer(_Answer):
    """The models of the server."""

    answering: AnsweringModel
    installed: list[InstalledModel]


class HealthAnswer(_Answer):
    """That the server is alive."""

    status: Literal["ok"]
    version: str
    model: AnsweringModel
