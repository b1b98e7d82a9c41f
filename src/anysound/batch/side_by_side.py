"""Work on many recordings side by side, with the results in order and failures put in words."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from anysound.audio import Recording, recording_name
from anysound.errors import AnysoundError, RecordingError
from anysound.language import Text

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 64


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int, ahead: int = _AHEAD
) -> Generator[Result, None, None]:
    """Work on the items side by side and yield the results in the items' order.

    Closed before its end, it drops what has not begun and doesn't wait for the rest.

    Args:
        work: Is called in other threads.
        items: What is worked on.
        workers: How many at a time.
        ahead: Results for each worker that may be held until the one that comes next is done.
    """
    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > workers * ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def why_failed(name: str, recording: Recording, error: Exception) -> Text:
    """Say why a recording failed, calling it by ``name``, which doesn't depend on its folder.

    Raises:
        AnysoundError: ``error`` itself, if the labels or the model are wrong: no other recording
            would fare better.
    """
    if isinstance(error, RecordingError):
        whole = recording_name(recording)
        en, zh = error.text.en.replace(whole, name), error.text.zh.replace(whole, name)
        return Text(en=en, zh=zh)
    if isinstance(error, AnysoundError):
        raise error
    fault = f"{type(error).__name__}: {error}"  # ours must not cost the user all other recordings
    return Text(
        en=f"{name}: an unexpected error, please report it ({fault}).",
        zh=f"{name}：发生意外错误，请向我们反馈（{fault}）。",
    )
