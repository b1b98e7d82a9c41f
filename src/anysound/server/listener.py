"""Uploads and labels to answers, off the event loop."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event
from typing import BinaryIO, TypeAlias, TypeVar, cast

from anyio import CapacityLimiter, to_thread

from anysound.audio import Recording
from anysound.audio.decoders import Decoders
from anysound.classifier import Classifier
from anysound.labels import parse_labels
from anysound.models import ModelInfo
from anysound.results import Classification
from anysound.server.api.label_check import LabelCheck, check_line
from anysound.server.guard.admission import Admission

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

Hears: TypeAlias = Callable[[Classifier, Sequence[Recording]], _T]


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


class Listener:
    """Answers in worker threads, a few questions at a time; the event loop never waits."""

    def __init__(self, classifier: Classifier, admission: Admission, decoders: Decoders) -> None:
        """Listen with a classifier.

        Args:
            classifier: Answers; it is called from several threads.
            admission: Says when it is a question's turn.
            decoders: Read what was uploaded.
        """
        self._classifier = classifier
        self._admission = admission
        self._decoders = decoders
        self._check_limiter = CapacityLimiter(1)  # one at a time is quick, and waits for no upload

    async def classify(self, upload: Upload, labels: str) -> Classification:
        """Say which of the labels a recording holds.

        Raises:
            RecordingError: The recording cannot be read.
            LabelError: The labels cannot be understood.
            BusyError: Too many wait already.
            TookTooLongError: It took too long.
        """
        return await self._admission.run(partial(self._classify, upload, labels))

    async def check_labels(self, labels: str) -> LabelCheck:
        """Say what could be written better about labels.

        Raises:
            LabelError: The labels cannot be understood.
        """
        return await to_thread.run_sync(
            check_line, self._classifier, labels, limiter=self._check_limiter
        )

    @property
    def model(self) -> ModelInfo:
        """The model that answers."""
        return self._classifier.model.info

    async def run(self, work: Callable[[Classifier], _T]) -> _T:
        """Do work with the classifier in a worker thread, in turn with all other questions.

        Raises:
            BusyError: Too many wait already.
            TookTooLongError: It took too long.
        """
        return await self._admission.run(lambda stop: work(self._classifier))

    async def hear(self, uploads: Sequence[Upload], work: Hears[_T]) -> _T:
        """Do the same with what was uploaded, each to be decoded in a process of its own.

        Args:
            uploads: Open until this returns.
            work: Is given the classifier and, for each upload, the recording.
        """

        def heard(stop: Event) -> _T:
            recordings = [
                self._decoders.recording(upload.name, cast(BinaryIO, upload), stop)
                for upload in uploads
            ]
            return work(self._classifier, recordings)

        return await self._admission.run(heard)

    def _classify(self, upload: Upload, labels: str, stop: Event) -> Classification:
        recording = self._decoders.recording(upload.name, cast(BinaryIO, upload), stop)
        # Parsed here, as text alone: the classifier would open a file that labels name.
        result = self._classifier.classify(recording, parse_labels(labels))
        _log.info(
            "classified",
            extra={
                "facts": {"duration": result.duration, "verdict": result.verdict},
                "content": {"recording": upload.name, "labels": labels, "label": result.label},
            },
        )
        return result
