"""What a batch is to do."""

from dataclasses import dataclass
from pathlib import Path

from anysound.batch.sources import SourceOptions
from anysound.classifier import Labels
from anysound.errors import UsageError
from anysound.language import Text
from anysound.timeline import TimelineOptions
from anysound.writing import check_local


@dataclass(frozen=True)
class EventOptions:
    """What is to become of the events of every recording.

    Attributes:
        output: A file of all of them, as ``anysound.timeline.formats`` writes it, or None.
        clips: A folder in which they are cut out, or None.
        margin: Seconds before and after an event that are cut with it.
        timeline: How events are found.
    """

    output: Path | None = None
    clips: Path | None = None
    margin: float = 0.5
    timeline: TimelineOptions = TimelineOptions()  # noqa: RUF009 - it is frozen


@dataclass(frozen=True)
class ClusterOptions:
    """A Ray cluster that is to do the work.

    Attributes:
        address: Of the cluster that this machine belongs to, ``host:6379``, or ``auto``, which
            finds it. None starts one on this machine, for as long as the work lasts.
    """

    address: str | None = None


@dataclass(frozen=True)
class BatchOptions:
    """What a batch is to do.

    Attributes:
        sources: Folders, files, patterns (``rec/**/*.wav``), all of them paths or URLs, lists of
            files and folders, ``@list.txt``, and ``-`` for such a list on standard input.
        labels: What to listen for.
        output: The table: ``.csv``, ``.jsonl``, ``.parquet`` or ``.xlsx``.
        workers: Recordings classified side by side, None is one per core; the table does not
            depend on it.
        resume: Whether what an earlier batch with these settings has finished is taken over.
        take: What is taken of the sources.
        events: What is to become of events; None looks for none.
        processes: Whether workers may be processes, where these do better than threads. As with
            all of Python's multiprocessing, a script that asks for it must begin its work under
            ``if __name__ == "__main__"``.
        cluster: Does the work in place of this machine, whose workers are then models on the
            cluster, by default one for each of its cores; None is this machine. Its machines must
            see the recordings by the same paths.

    Raises:
        UsageError: There are no workers, the table and the events are to be one file, or what is
            written is to be at a URL.
    """

    sources: tuple[str, ...]
    labels: Labels
    output: Path
    workers: int | None = None
    resume: bool = True
    take: SourceOptions = SourceOptions()  # noqa: RUF009 - it is frozen
    events: EventOptions | None = None
    processes: bool = False
    cluster: ClusterOptions | None = None

    def __post_init__(self) -> None:
        check_workers(self.workers)
        check_local(self.output)
        events = self.events and self.events.output
        if events and events.absolute() == self.output.absolute():
            raise UsageError(
                Text(
                    en=f"{events}: the table and the events can't be one file. Give one of them "
                    "another name.",
                    zh=f"{events}：结果表格和事件不能写入同一个文件。请为其中一个另取文件名。",
                )
            )


def check_workers(workers: int | None) -> None:
    """Make sure that somebody does the work.

    Raises:
        UsageError: There are no workers.
    """
    if workers is not None and workers < 1:
        raise UsageError(
            Text(
                en=f"A batch of {workers} workers does nothing: give it 1 or more.",
                zh=f"并行数 {workers} 无效：至少为 1。",
            )
        )
