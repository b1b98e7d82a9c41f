"""Whether the model answers."""

import logging
from threading import Thread

import numpy as np

from anysound.classifier import Classifier

_log = logging.getLogger(__name__)

_LABELS = "sound, silence"


class Readiness:
    """Asks the model a first question in a thread, so that nobody else has to wait for it.

    Attributes:
        is_ready: Whether it has answered.
    """

    def __init__(self, classifier: Classifier) -> None:
        self.is_ready = False
        self._classifier = classifier

    def begin(self) -> Thread:
        """Ask; the thread ends when there is an answer, or none to be had."""
        asking = Thread(target=self._ask, daemon=True)
        asking.start()
        return asking

    def _ask(self) -> None:
        try:
            rate = self._classifier.model.info.rate
            self._classifier.classify((np.zeros(rate, np.float32), rate), _LABELS)
        except Exception:
            _log.exception("the model does not answer")
        else:
            self.is_ready = True
