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
            ask_first(self._classifier)
        except Exception:
            _log.exception("the model does not answer")
        else:
            self.is_ready = True


def ask_first(classifier: Classifier) -> None:
    """Ask a classifier a question, after which the next one takes no longer than any other."""
    rate = classifier.model.info.rate
    classifier.classify((np.zeros(rate, np.float32), rate), _LABELS)
