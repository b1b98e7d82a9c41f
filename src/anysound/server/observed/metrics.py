"""What the server counts, for Prometheus."""

from collections.abc import Callable, Iterator
from typing import Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from anysound import __version__
from anysound.models import ModelInfo

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Questions(Protocol):
    """What knows how many questions there are."""

    running: int
    waiting: int


class Metrics:
    """Counts of one server; its routes are templates, so that there are only so many."""

    def __init__(
        self,
        model: Callable[[], ModelInfo],
        questions: Questions,
        phrases: Callable[[], tuple[int, int]],
    ) -> None:
        """Begin at zero.

        Args:
            model: Says what answers.
            questions: Those that are answered, and those that wait.
            phrases: Says how many phrases were known already, and how many had to be embedded.
        """
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "anysound_requests",
            "Requests answered, and WebSockets that ended.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "anysound_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._failures = Counter(
            "anysound_decode_failures",
            "Recordings that could not be decoded, by reason.",
            ("reason",),
            registry=registry,
        )
        running = Gauge(
            "anysound_questions_running", "Questions that are being answered.", registry=registry
        )
        running.set_function(lambda: questions.running)
        waiting = Gauge(
            "anysound_questions_waiting", "Questions that wait for their turn.", registry=registry
        )
        waiting.set_function(lambda: questions.waiting)
        registry.register(_Model(model))
        registry.register(_Phrases(phrases))

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_decode_failure(self, reason: str) -> None:
        """Count a recording that could not be decoded."""
        self._failures.labels(reason).inc()

    def text(self) -> bytes:
        """Return all of it in Prometheus' format."""
        return generate_latest(self._registry)


class _Model(Collector):
    """What answers now; another one may later."""

    def __init__(self, model: Callable[[], ModelInfo]) -> None:
        self._model = model

    def collect(self) -> Iterator[InfoMetricFamily]:
        model = self._model()
        facts = {
            "id": model.id,
            "revision": model.revision,
            "precision": model.precision,
            "device": model.device,
            "version": __version__,
        }
        yield InfoMetricFamily("anysound_model", "What answers.", value=facts)


class _Phrases(Collector):
    """Counts that are kept where the phrases are."""

    def __init__(self, phrases: Callable[[], tuple[int, int]]) -> None:
        self._phrases = phrases

    def collect(self) -> Iterator[CounterMetricFamily]:
        hits, misses = self._phrases()
        yield CounterMetricFamily(
            "anysound_text_cache_hits", "Phrases whose embedding was known.", value=hits
        )
        yield CounterMetricFamily(
            "anysound_text_cache_misses", "Phrases that had to be embedded.", value=misses
        )
