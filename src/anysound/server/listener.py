"""Uploads and labels to answers, off the event loop."""

from collections.abc import Callable
from typing import BinaryIO, TypeVar, cast

from anyio import CapacityLimiter, to_thread

from anysound.classifier import Classifier
from anysound.labels import parse_labels
from anysound.models import ModelInfo
from anysound.results import Classification
from anysound.server.api.label_check import LabelCheck, check_line

_T = TypeVar("_T")


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

    def __init__(self, classifier: Classifier, at_once: int) -> None:
        """Listen with a classifier.

        Args:
            classifier: Answers; it is called from several threads.
            at_once: Uploads classified side by side; further ones wait.
        """
        self._classifier = classifier
        self._limiter = CapacityLimiter(at_once)
        self._check_limiter = CapacityLimiter(1)  # one at a time is quick, and waits for no upload

    async def classify(self, upload: Upload, labels: str) -> Classification:
        """Say which of the labels a recording holds.

        Raises:
            RecordingError: The recording cannot be read.
            LabelError: The labels cannot be understood.
        """
        return await to_thread.run_sync(self._classify, upload, labels, limiter=self._limiter)

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
        """Do work with the classifier in a worker thread, in turn with all other questions."""
        return await to_thread.run_sync(work, self._classifier, limiter=self._limiter)

    def _classify(self, upload: Upload, labels: str) -> Classification:
        # Parsed here, as text alone: the classifier would open a file that labels name.
        return self._classifier.classify(cast(BinaryIO, upload), parse_labels(labels))
