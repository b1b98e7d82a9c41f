"""A map of an index: its recordings, or their windows, as points of a plane; what is alike is near.

The plane is made by t-SNE of scikit-learn: it keeps neighbours together, which principal components
of so many dimensions do not, it is the best-kept implementation there is, and it brings along no
compiler, as umap-learn does. It starts from the two principal components rather than by chance, and
runs in one thread, since sums of several are added in an order of chance: the same index gives the
same map.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anysound.classifier import Classifier
from anysound.errors import ArchiveError, LabelError, MissingExtraError
from anysound.index.labelling import VERDICTS, judge, label_recordings
from anysound.index.sounds import Sounds, read_sounds
from anysound.index.store import StoredRecording, Tables
from anysound.labels import LabelSet
from anysound.language import Text
from anysound.models import Embeddings
from anysound.scoring import Verdict

MOST_POINTS = 10_000
"""Points beyond which a sample is shown: what a browser draws while somebody drags it about."""

_FEW = 8  # points whose neighbours t-SNE has nothing to learn from
_PERPLEXITY = 30.0  # neighbours that a point is kept near to, about
_AT_ONCE = 4096  # windows that are judged at once


@dataclass(frozen=True)
class Labelling:
    """Labels that points are coloured by.

    Attributes:
        classifier: Of the index's model.
        labels: What to listen for.
    """

    classifier: Classifier
    labels: LabelSet


@dataclass(frozen=True)
class Answer:
    """What a point is labelled.

    Attributes:
        label: The best label.
        probability: Of it.
        verdict: Whether it may be trusted.
    """

    label: str
    probability: float
    verdict: Verdict


@dataclass(frozen=True)
class Point:
    """A sound, or a window of it, on the map.

    Attributes:
        x: From -0.5 to 0.5.
        y: From -0.5 to 0.5.
        recordings: All that hold it, in the order of their paths.
        span: Of the window, in seconds; None if the point stands for the whole.
        answer: What it is labelled, if there are labels.
    """

    x: float
    y: float
    recordings: tuple[StoredRecording, ...]
    span: tuple[float, float] | None
    answer: Answer | None


@dataclass(frozen=True)
class Mapped:
    """An index as a map.

    Attributes:
        points: In the order of the index.
        total: How many sounds or windows there are; the points may be a sample of them.
        windows: Whether a point is a window.
        labels: Names of the labels that points are coloured by, if any.
    """

    points: tuple[Point, ...]
    total: int
    windows: bool
    labels: tuple[str, ...]

    @property
    def is_sample(self) -> bool:
        """Whether there are more than are shown."""
        return len(self.points) < self.total


def map_recordings(
    tables: Tables,
    labelling: Labelling | None = None,
    *,
    windows: bool = False,
    most: int = MOST_POINTS,
) -> Mapped:
    """Lay out an index's sounds, each by the mean direction of its windows, or all its windows.

    Args:
        tables: Of the index.
        labelling: What points are labelled by, or None.
        windows: Whether each window is a point.
        most: Points of which a sample is taken if there are more; always the same one.

    Raises:
        ArchiveError: There is nothing to map, or a part of the index can't be read.
        LabelError: The labels can't be understood, or windows are asked for labels that have a
            place in time.
        MissingExtraError: scikit-learn is not installed.
    """
    check_installed()
    if labelling and windows:
        _check_places(labelling.labels)
    picked = _picked(tables, most, windows)
    places = laid_out(picked.values).tolist()
    answers = _answers(tables, labelling, picked, windows)
    points = (
        Point(x, y, _holding(tables, name), _span(span) if windows else None, answer)
        for (x, y), name, span, answer in zip(
            places, picked.names, picked.spans.tolist(), answers, strict=True
        )
    )
    names = tuple(label.name for label in labelling.labels) if labelling else ()
    total = len(tables.windows) if windows else len(tables.by_sound)
    return Mapped(tuple(points), total, windows, names)


def check_installed() -> None:
    """Make sure that what lays out points is there.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    try:
        import sklearn.manifold  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(Text(en="A map of an index", zh="索引地图"), "map") from error


def laid_out(vectors: Embeddings) -> NDArray[np.float64]:
    """Lay out directions on a plane, those that are alike near to each other.

    Args:
        vectors: Unit length, shape ``(n, dim)``.

    Returns:
        Shape ``(n, 2)``, within half a unit of the middle.
    """
    places = _principal(vectors)
    spread = places[:, 0].std()
    if len(vectors) > _FEW and spread > np.finfo(np.float32).eps:
        places = _neighbourly(vectors, places / spread * 1e-4)
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    extent = np.ptp(places, axis=0).max()
    return np.asarray((places - middle) / (extent or 1.0))


def _principal(vectors: Embeddings) -> NDArray[np.float64]:
    """Return the two principal components of each, the larger side of each axis being positive."""
    apart = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(apart.T @ apart)
    places = apart @ axes[:, :-3:-1]
    largest = places[np.abs(places).argmax(axis=0), np.arange(places.shape[1])]
    return np.asarray(places * np.where(largest < 0, -1, 1))


def _neighbourly(vectors: Embeddings, start: NDArray[np.float64]) -> NDArray[np.float64]:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = min(_PERPLEXITY, (len(vectors) - 1) / 3)
    layout = TSNE(perplexity=perplexity, init=start.astype(np.float32), random_state=0)
    with threadpool_limits(1):
        return np.asarray(layout.fit_transform(vectors), np.float64)


@dataclass(frozen=True)
class _Picked:
    """What is to be points.

    Attributes:
        names: Hash of each one's sound.
        spans: Start and end of each, shape ``(n, 2)``.
        values: Directions, unit length, shape ``(n, dim)``.
    """

    names: list[str]
    spans: NDArray[np.float64]
    values: Embeddings


def _picked(tables: Tables, most: int, windows: bool) -> _Picked:
    """Read the index, and keep what is shown of it.

    Raises:
        ArchiveError: There is nothing, or a part of the index can't be read.
    """
    # A name is a hash, so the first of them are a sample that no order of adding changes.
    names_kept = set(tables.by_sound if windows else sorted(tables.by_sound)[:most])
    rows_kept = _sample(len(tables.windows), most) if windows else None
    names, spans, values = list[str](), list[NDArray[np.float64]](), list[Embeddings]()
    seen = 0
    for sounds in read_sounds(tables.windows):
        one = _as_windows(sounds) if windows else _as_wholes(sounds)
        chosen = np.array([name in names_kept for name in one.names])
        if rows_kept is not None:
            chosen &= rows_kept[seen : seen + len(chosen)]
            seen += len(chosen)
        names += [name for name, is_kept in zip(one.names, chosen, strict=True) if is_kept]
        spans.append(one.spans[chosen])
        values.append(one.values[chosen])
    if not names:
        raise ArchiveError(
            Text(
                en="The index holds no recordings, so there is nothing to map. Add some: "
                "anysound index add INDEX RECORDINGS",
                zh="索引中没有录音，无法绘制地图。请先加入录音：anysound index add 索引 录音文件夹",
            )
        )
    return _Picked(names, np.concatenate(spans), np.concatenate(values))


def _sample(total: int, most: int) -> NDArray[np.bool_]:
    kept = np.full(total, total <= most)
    if total > most:
        kept[np.random.default_rng(0).choice(total, most, replace=False)] = True
    return kept


def _as_windows(sounds: Sounds) -> _Picked:
    names = np.repeat(np.array(sounds.names), sounds.counts).tolist()
    return _Picked(names, sounds.spans, _directions(sounds.embeddings.astype(np.float32)))


def _as_wholes(sounds: Sounds) -> _Picked:
    sums = np.add.reduceat(sounds.embeddings.astype(np.float32), sounds.starts)
    ends = np.append(sounds.starts[1:], len(sounds.spans)) - 1
    spans = np.stack([sounds.spans[sounds.starts, 0], sounds.spans[ends, 1]], axis=1)
    return _Picked(list(sounds.names), spans, _directions(sums))


def _directions(values: Embeddings) -> Embeddings:
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(values / np.maximum(lengths, np.finfo(np.float32).tiny))


def _holding(tables: Tables, name: str) -> tuple[StoredRecording, ...]:
    return tuple(sorted(tables.by_sound[name], key=lambda each: each.path))


def _span(span: Sequence[float]) -> tuple[float, float]:
    return span[0], span[1]


def _answers(
    tables: Tables, labelling: Labelling | None, picked: _Picked, windows: bool
) -> Iterator[Answer | None]:
    if not labelling:
        yield from [None] * len(picked.names)
    elif windows:
        yield from _of_windows(tables, labelling, picked)
    else:
        rows = {
            row.recording: row
            for row in label_recordings(labelling.classifier, tables, labelling.labels)
        }
        for name in picked.names:
            row = rows[tables.by_sound[name][0].path]
            yield Answer(row.label, row.probability or 0.0, row.verdict or "none")


def _of_windows(tables: Tables, labelling: Labelling, picked: _Picked) -> Iterator[Answer]:
    """Judge each window as if it were a recording of its own."""
    classifier = labelling.classifier
    read = classifier.read(labelling.labels)
    others = classifier.embed_others() if classifier.calibration.none_rank else None
    labels = [label.name for label in read.labels]
    for first in range(0, len(picked.names), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        names, spans = picked.names[some], picked.spans[some]
        embeddings = picked.values[some].astype(np.float16)
        alone = Sounds(names, np.arange(len(names)), spans, embeddings)
        judged = judge(read, others, alone, classifier.calibration)
        for name, best, probability, verdict in zip(
            names,
            judged.best.tolist(),
            judged.probability.tolist(),
            judged.verdict.tolist(),
            strict=True,
        ):
            is_silent = tables.by_sound[name][0].is_silent
            yield Answer(labels[best], probability, "none" if is_silent else VERDICTS[verdict])


def _check_places(labels: LabelSet) -> None:
    placed = [label.name for label in labels if label.when]
    if placed:
        names = ", ".join(placed)
        raise LabelError(
            Text(
                en=f"These labels have a place in time, which a single window hasn't: {names}. "
                "Leave the place out, or map recordings, without --windows.",
                zh=f"下列标签限定了时间段，无法用于单个窗口：{'、'.join(placed)}。"
                "请去掉时间限定，或不加 --windows，以整段录音绘制。",
            )
        )
