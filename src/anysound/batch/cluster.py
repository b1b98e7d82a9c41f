"""Work on a Ray cluster: a model on each of its cores, and whatever dies is done again.

Ray Data hands recordings out, a few to a task, and no more than the models keep up with. A task
whose machine dies is given to another, so every recording comes back once, in its order.
"""

import logging
import os
import pickle
import socket
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeAlias, TypeVar

from anysound.audio.remote import Place
from anysound.batch.options import ClusterOptions
from anysound.errors import AnysoundError, MissingExtraError, UsageError, reason_of
from anysound.language import Text

_A_TASK = 8  # recordings, of which a task that dies takes all along
_MOST_TASKS = 10_000  # of which Ray keeps track at a time
_WAIT = 10.0  # seconds for a cluster to answer
_ITEM = "item"  # the one column of what is sent

Asked: TypeAlias = tuple[str, Place]
"""A recording's name, and where it is."""

Made = TypeVar("Made")
Work: TypeAlias = Callable[[str, Place], Made]
"""Takes a recording's name and path; it is sent to the machines, and what it makes is sent back."""


class Cluster(Generic[Made]):
    """Works on recordings on a cluster; made by :func:`joined`."""

    def __init__(self, work: Work[Made], replicas: int) -> None:
        """Begin.

        Args:
            work: Is sent to each replica.
            replicas: How many work at a time.
        """
        self._work = work
        self._replicas = replicas

    def made(self, asked: Sequence[Asked]) -> Generator[Made, None, None]:
        """Work on recordings and return what was made of each, in their order.

        Raises:
            AnysoundError: No other recording would fare better, or the cluster is gone.
        """
        from ray import data
        from ray.exceptions import RayError

        # Pickled here, since Ray's own form of a text refuses a name that is none.
        items = [{_ITEM: pickle.dumps(each)} for each in asked]
        tasks = min(_MOST_TASKS, -(-len(items) // _A_TASK))
        heard = data.from_items(items, override_num_blocks=max(1, tasks)).map_batches(
            _Replica,
            fn_constructor_args=(self._work,),
            batch_size=_A_TASK,
            num_cpus=1,
            compute=data.ActorPoolStrategy(
                min_size=1, max_size=self._replicas, initial_size=self._replicas
            ),
        )
        logging.getLogger("ray.data").setLevel(logging.ERROR)  # which Ray has just set
        try:
            for row in heard.iter_rows():
                made: Made | AnysoundError = pickle.loads(row[_ITEM])
                if isinstance(made, AnysoundError):
                    raise made
                yield made
        except RayError as error:
            raise _failed(error) from error


class _Replica:
    """One that works on the cluster."""

    def __init__(self, work: Work[Any]) -> None:
        self._work = work

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        return {_ITEM: [pickle.dumps(self._made(*pickle.loads(item))) for item in batch[_ITEM]]}

    def _made(self, name: str, path: Place) -> Any:
        try:
            return self._work(name, path)
        except AnysoundError as error:  # is told once, not tried again on every machine
            return error


@contextmanager
def joined(
    options: ClusterOptions, work: Work[Made], workers: int | None
) -> Iterator[Cluster[Made]]:
    """Join a cluster for as long as the block lasts.

    Args:
        options: Which one.
        work: Is done on it.
        workers: How many do it at a time; None, or more than the cluster has cores, is
            one on each.

    Raises:
        MissingExtraError: Ray is not installed.
        UsageError: No cluster answers at the address.
    """
    try:
        import ray
        from ray.data import DataContext
    except ImportError as error:
        raise MissingExtraError(Text(en="A Ray cluster", zh="使用 Ray 集群"), "ray") from error
    is_ours = not ray.is_initialized()
    if is_ours:
        _join(options, workers)
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    try:
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        cores = max(1, int(resources.get("CPU", 1)))
        yield Cluster(work, min(workers or cores, cores))
    finally:
        if is_ours:
            ray.shutdown()


def _join(options: ClusterOptions, workers: int | None) -> None:
    import ray

    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what matters is raised
    try:
        _check_answers(options.address)
        with warnings.catch_warnings():
            # Lance warns of forks; what Ray forks becomes another program at once.
            warnings.filterwarnings("ignore", "lance is not fork-safe")
            ray.init(
                address=options.address or "local",
                num_cpus=None if options.address else workers,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise _no_cluster(options.address, error) from error


def _check_answers(address: str | None) -> None:
    """Make sure that somebody listens at ``host:port``, for which Ray would wait minutes.

    Raises:
        OSError: Nobody does.
    """
    host, _, port = (address or "").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=_WAIT).close()


def _no_cluster(address: str | None, error: Exception) -> UsageError:
    reason = reason_of(error).partition("\n")[0]
    where = address or "Ray"
    return UsageError(
        Text(
            en=f"{where}: no Ray cluster could be joined there ({reason}). Check the address, and "
            "that both sides have the same versions of Ray and Python; without --address one is "
            "started on this machine.",
            zh=f"{where}：无法加入 Ray 集群（{reason}）。请检查地址，并确认两边的 Ray 和 Python "
            "版本一致；不指定 --address 则在本机启动一个。",
        )
    )


def _failed(error: Exception) -> AnysoundError:
    reason = str(error).strip().rpartition("\n")[2]
    return AnysoundError(
        Text(
            en=f"The Ray cluster could not go on ({reason}). Check its machines: they need the "
            "same version of anysound, the model in the same place and memory for it. What is "
            "finished is kept.",
            zh=f"Ray 集群无法继续（{reason}）。请检查各台机器：anysound 版本须一致，模型须在相同"
            "位置，内存须足够。已完成的部分已保存。",
        )
    )
