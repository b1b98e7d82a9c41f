"""Uploads and labels to answers, off the event loop."""

import logging
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from threading import Event as Flag
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeVar, TypeVarTuple, cast

from anyio import CapacityLimiter, WouldBlock, to_thread

from anysound.audio import Recording
from anysound.audio.decoders import Decoders
from anysound.classifier import Classifier
from anysound.errors import BusyError, ModelError, UsageError
from anysound.hearing import OnBlock, ignore_block
from anysound.labels import read_label_text
from anysound.language import Text
from anysound.live import Listening, ListenOptions, LiveEvent, LiveSource
from anysound.live import Moment as LiveMoment
from anysound.models import Embeddings, ModelInfo
from anysound.models.facts import bundled_facts, installed_facts
from anysound.models.store import Store
from anysound.options import ClassifyOptions
from anysound.results import Classification
from anysound.server.api.label_check import LabelCheck, check_text
from anysound.server.following import Following
from anysound.server.guard.admission import Admission
from anysound.timeline import Frame, TimelineOptions

if TYPE_CHECKING:  # Lance is an extra, and needed only where there is an index
    from anysound.index import Index, IndexInfo, Moment

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")
Hears: TypeAlias = Callable[[Classifier, Sequence[Recording]], T]

_log = logging.getLogger(__name__)

_MODEL_FACTS = ("id", "kind", "revision", "license", "precision", "size")


class Upload:
    """An uploaded file under the name it has on the user's machine."""

    def __init__(self, filename: str | None, file: BinaryIO) -> None:
        """Name a file.

        Args:
            filename: As the user's machine sent it; any folders in it are dropped.
            file: Seekable, for the caller to close.
        """
        self.name = (filename or "").replace("\\", "/").rpartition("/")[2] or "recording"
        self.read: Callable[[int], bytes] = file.read
        self.seek = file.seek
        self.tell = file.tell

    def seekable(self) -> bool:
        """Say that it can be read from any place."""
        return True


@dataclass(frozen=True)
class Models:
    """The models of the server.

    Attributes:
        answering: The one that answers.
        installed: The facts of each that is installed, the bundled one first.
    """

    answering: ModelInfo
    installed: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return them, ready for JSON; where they lie is nobody's business."""
        shown = [{key: facts[key] for key in _MODEL_FACTS} for facts in self.installed]
        return {"answering": self.answering.to_dict(), "installed": shown}


class Listener:
    """Answers in worker threads, a few questions at a time; the event loop never waits."""

    def __init__(
        self,
        classifier: Classifier,
        admission: Admission,
        decoders: Decoders,
        streams: int = 8,
        index: str | None = None,
    ) -> None:
        """Listen with a classifier.

        Args:
            classifier: Answers; it is called from several threads.
            admission: Says when it is a question's turn.
            decoders: Read what was uploaded.
            streams: Live streams listened to side by side; further ones are refused.
            index: An index that is searched, or None.
        """
        self._classifier = classifier
        self._index = _opened(index) if index else None
        self._admission = admission
        self._decoders = decoders
        self._streams = CapacityLimiter(streams)
        self._phrases = (0, 0)  # that earlier classifiers were asked for
        self._check_limiter = CapacityLimiter(1)  # one at a time is quick, and waits for no upload

    @property
    def info(self) -> ModelInfo:
        """The model that answers."""
        return self._classifier.model.info

    def switch_to(self, classifier: Classifier) -> None:
        """Let another classifier answer from now on; what has begun ends with the one it had."""
        hits, misses = self._classifier.count_phrases()
        self._phrases = (self._phrases[0] + hits, self._phrases[1] + misses)
        self._classifier = classifier

    def now(self) -> "Listener":
        """Return this listener as it is now: for a question that consists of several."""
        return copy(self)

    def count_phrases(self) -> tuple[int, int]:
        """Return how many phrases were known when they were asked for, and how many were not."""
        hits, misses = self._classifier.count_phrases()
        return self._phrases[0] + hits, self._phrases[1] + misses

    async def run(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """Do a piece of work in a thread when it is its turn: all of it goes through here.

        Raises:
            BusyError: Too many wait already.
            TookTooLongError: It took too long.
        """
        return await self._admission.run(lambda stop: function(*arguments))

    async def hear(self, uploads: Sequence[Upload], work: Hears[T]) -> T:
        """Do a piece of work with what was uploaded.

        Args:
            uploads: Open until this returns.
            work: Is given the classifier and, for each upload, its recording.
        """

        def heard(stop: Flag) -> T:
            return work(self._classifier, [self._recording(each, stop) for each in uploads])

        return await self._admission.run(heard)

    async def classify(
        self,
        upload: Upload,
        labels: str,
        options: ClassifyOptions | None = None,
        on_block: OnBlock = ignore_block,
    ) -> Classification:
        """Say which of the labels a recording holds.

        Args:
            upload: The recording.
            labels: A line, or what is in a label file; text alone, no file is opened.
            options: How to answer, if not as usual.
            on_block: Is given the sound, block by block, in a worker thread.

        Raises:
            RecordingError: The recording cannot be read.
            LabelError: The labels cannot be understood.
        """
        return await self._admission.run(partial(self._classify, upload, labels, options, on_block))

    async def timeline(
        self,
        upload: Upload,
        labels: str,
        options: TimelineOptions | None = None,
        on_frame: Callable[[Frame], None] = lambda frame: None,
        on_block: OnBlock = ignore_block,
    ) -> Following:
        """Open a recording to find out when each of the labels is heard in it.

        Args:
            upload: The recording.
            labels: As for ``classify``.
            options: How events are found.
            on_frame: Is given the labels' scores at every moment, in a worker thread.
            on_block: Is given the sound, block by block, in another.

        Raises:
            RecordingError: The recording cannot be read; also while it is iterated.
            LabelError: The labels cannot be understood.
            UsageError: The options don't suit the model.
        """
        read, stop, now = read_label_text(labels), Flag(), self.now()
        timeline = await self.run(
            now._classifier.timeline,
            self._recording(upload, stop),
            read,
            options,
            on_frame,
            on_block,
        )
        return Following(timeline, now.info, now.run, stop)

    async def embed_audio(self, upload: Upload) -> Embeddings:
        """Embed a recording, shape ``(dim,)``.

        Raises:
            RecordingError: It cannot be read.
        """
        rows = await self.hear([upload], lambda classifier, heard: classifier.embed_audio(heard))
        return cast(Embeddings, rows[0])

    async def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts as they are, shape ``(n_texts, dim)``.

        Raises:
            UsageError: The model can't read one of them.
        """
        try:
            return await self.run(self._classifier.embed_text, texts)
        except ModelError as error:
            raise UsageError(error.text) from error

    async def check_labels(self, labels: str) -> LabelCheck:
        """Say what could be written better about labels.

        Raises:
            LabelError: The labels cannot be understood.
        """
        return await to_thread.run_sync(
            check_text, self._classifier, labels, limiter=self._check_limiter
        )

    async def models(self) -> Models:
        """Say which models are there."""
        return await to_thread.run_sync(self._models, limiter=self._check_limiter)

    async def search(self, words: str, top: int = 10) -> "list[Moment]":
        """Find in the index where something is heard that can be said in words.

        Raises:
            LabelError: It is not one label.
            UsageError: There is no index, or ``top`` is less than 1.
            ArchiveError: The index can't be read, or is another model's.
        """
        index = self._searched()
        return await self.run(lambda: index.search(self._classifier, read_label_text(words), top))

    async def search_like(self, upload: Upload, top: int = 10) -> "list[Moment]":
        """Find in the index what sounds like a recording.

        Raises:
            RecordingError: It cannot be read.
            UsageError: There is no index, or ``top`` is less than 1.
            ArchiveError: The index can't be read, or is another model's.
        """
        index = self._searched()
        return await self.hear(
            [upload], lambda classifier, heard: index.search_like(classifier, heard[0], top)
        )

    def index_info(self) -> "IndexInfo":
        """Say what is in the index.

        Raises:
            UsageError: There is none.
            ArchiveError: It can't be read.
        """
        return self._searched().info()

    async def open_stream(
        self,
        source: LiveSource,
        labels: str,
        options: ListenOptions,
        on_moment: Callable[[LiveMoment], None],
        on_notice: Callable[[Text], None],
    ) -> Listening:
        """Make ready to listen to a live stream; its events come by ``follow_stream``.

        Raises:
            LabelError: The labels cannot be understood, or are looked for in a part only.
            UsageError: The options don't suit the model.
        """
        return await self.run(
            lambda: self._classifier.listen(
                source, read_label_text(labels), options, on_moment, on_notice
            )
        )

    async def follow_stream(
        self, listening: Listening, on_event: Callable[[LiveEvent], None]
    ) -> None:
        """Listen until the stream ends or is stopped; all that is told is told in one thread.

        Raises:
            BusyError: Enough streams are listened to already.
            RecordingError: What comes is no sound.
        """

        def follow() -> None:
            for event in listening:
                on_event(event)

        slot = object()
        try:
            self._streams.acquire_on_behalf_of_nowait(slot)
        except WouldBlock:
            raise _too_many(int(self._streams.total_tokens)) from None
        try:
            await to_thread.run_sync(follow, limiter=CapacityLimiter(1))
        finally:
            self._streams.release_on_behalf_of(slot)

    def _recording(self, upload: Upload, stop: Flag) -> Recording:
        """Return what was uploaded, to be decoded in a process that may be killed."""
        return self._decoders.recording(upload.name, cast(BinaryIO, upload), stop)

    def _classify(
        self,
        upload: Upload,
        labels: str,
        options: ClassifyOptions | None,
        on_block: OnBlock,
        stop: Flag,
    ) -> Classification:
        # Read here, as text alone: the classifier would open a file that labels name.
        read = read_label_text(labels)
        recording = self._recording(upload, stop)
        result = self._classifier.classify(recording, read, options, on_block)
        _log.info(
            "classified",
            extra={
                "facts": {"duration": result.duration, "verdict": result.verdict},
                "content": {"recording": upload.name, "labels": labels, "label": result.label},
            },
        )
        return result

    def _models(self) -> Models:
        installed = map(installed_facts, Store().installed())
        return Models(self.info, (bundled_facts(), *installed))

    def _searched(self) -> "Index":
        if self._index is None:
            raise UsageError(
                Text(
                    en="There is no index to search. Start the server with --index FOLDER, which "
                    "`anysound index add` makes.",
                    zh="没有可搜索的索引。请用 --index 文件夹 启动服务；"
                    "索引由 `anysound index add` 建立。",
                )
            )
        return self._index


def _too_many(streams: int) -> BusyError:
    return BusyError(
        Text(
            en=f"The server listens to {streams} live streams already, and takes no more. Try "
            "again later.",
            zh=f"服务器已在监听 {streams} 路实时音频，暂时不能再增加。请稍后再试。",
        )
    )


def _opened(place: str) -> "Index":
    from anysound.index import Index

    return Index(place)
