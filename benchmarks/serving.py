"""Load the server, and see that it bears it.

    python -m benchmarks.serving load [--requests 2000] [--at-once 50] [--large-every 100]
    python -m benchmarks.serving pace [--requests 200]
    python -m benchmarks.serving mutated [--files 1000]
    python -m benchmarks.serving start [--times 5]

Each starts a server of its own, on this machine and a free port, with the bundled model.

``load`` sends recordings of five seconds, so many at once, and among them files of 50 MB. It prints
how the server's memory and that of its decoders grew after the first tenth, and which temporary
files are left.

``pace`` compares with the bare model in the same minutes: the median time of an answer, one client
asking, and answers a second, as many clients as cores.

``mutated`` sends files that were good before bytes in them were changed, cut out or put in, and
prints what was answered, the slowest answer, and the same about memory.

``start`` prints the seconds from the start of the process until the model has answered.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import av
import httpx
import numpy as np

from anysound import Classifier

LABELS = "dog barking, rain, car horn, glass breaking, church bells"
RATE = 44_100
LARGE = 50 * 1024 * 1024 - 1024
CODINGS = (
    *(("wav", "pcm_s16le"), ("flac", "flac"), ("mp3", "libmp3lame"), ("mp4", "aac")),
    *(("ogg", "libopus"), ("webm", "libopus"), ("adts", "aac"), ("aiff", "pcm_s16be")),
)
_PATIENCE = 400.0  # seconds; longer than the server's own


@dataclass
class Server:
    """A running server.

    Attributes:
        address: Where it is.
        process: It.
        temporary: The folder that it may leave something in.
        client: Asks it, from several threads.
    """

    address: str
    process: "subprocess.Popen[str]"
    temporary: Path
    client: httpx.Client

    def memory(self) -> float:
        """Return the resident memory of the server and its decoders, in MB."""
        pids = [self.process.pid, *self._decoders()]
        return sum(_resident(pid) for pid in pids) / 1e6

    def own_memory(self) -> float:
        """Return the resident memory of the server alone, in MB."""
        return _resident(self.process.pid) / 1e6

    def left_behind(self) -> list[Path]:
        """Return temporary files."""
        return [path for path in self.temporary.rglob("*") if path.is_file()]

    def _decoders(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for path in children for pid in path.read_text().split()]


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server, and wait until it is ready."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            (sys.executable, "-m", "anysound", "serve", "--port", "0", "--model", "bundled"),
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "ANYSOUND_LANG": "en", "TMPDIR": folder},
        )
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[3]
            while not _is_ready(address):
                time.sleep(0.01)
            limits = httpx.Limits(max_connections=None, keepalive_expiry=2)
            with httpx.Client(base_url=address, timeout=_PATIENCE, limits=limits) as client:
                yield Server(address, process, Path(folder), client)
        finally:
            process.terminate()
            process.wait()


def load(requests: int, at_once: int, large_every: int) -> None:
    """Print memory and temporary files of a server under load."""
    short = _wav(_noise(5.0))
    large = _wav(np.resize(_noise(20.0), (LARGE - 44) // 2))
    with serving() as server:
        server.client.get("/")  # the page is there, too

        def ask(number: int) -> int:
            is_large = number % large_every == large_every // 2
            return _ask(server, large if is_large else short)[0]

        first = max(at_once, requests // 10)
        with ThreadPoolExecutor(at_once) as clients:
            statuses = Counter(clients.map(ask, range(first)))
            before, own_before = server.memory(), server.own_memory()
            began = time.perf_counter()
            statuses += Counter(clients.map(ask, range(first, requests)))
            took = time.perf_counter() - began
        after, own_after = server.memory(), server.own_memory()
        print(f"{requests} requests, {at_once} at once, {requests // large_every} of 50 MB")
        print(f"answers: {dict(statuses)}; {(requests - first) / took:.1f} a second")
        print(f"memory of the server: {own_before:.0f} MB, then {own_after:.0f} MB")
        print(f"with its decoders: {before:.0f} MB, then {after:.0f} MB")
        print(f"temporary files left: {[str(each) for each in server.left_behind()]}")


def pace(requests: int) -> None:
    """Print how the server's time compares with the bare model's."""
    content = _wav(_noise(5.0))
    classifier = Classifier("bundled")
    cores = os.cpu_count() or 1

    def bare(_: int) -> None:
        classifier.classify(content, LABELS)

    with serving() as server:

        def served(_: int) -> None:
            assert _ask(server, content)[0] == 200

        for ask in (bare, served):
            ask(0)
        rows = [(_median(ask, requests), _a_second(ask, requests, cores)) for ask in (bare, served)]
    for name, (median, rate) in zip(("bare model", "server"), rows, strict=True):
        print(f"{name}: {1000 * median:.1f} ms, {rate:.1f} a second with {cores} at once")
    (bare_median, bare_rate), (median, rate) = rows
    print(f"server over bare model: {median / bare_median:.2f} times the latency")
    print(f"server over bare model: {rate / bare_rate:.2f} times the throughput")


def mutated(files: int) -> None:
    """Print what the server makes of damaged files."""
    draw = random.Random(9)
    whole = [_encode(container, codec) for container, codec in CODINGS]
    with serving() as server, ThreadPoolExecutor(8) as clients:
        contents = [mutate(draw.choice(whole), draw) for _ in range(files)]
        first = files // 10
        answers = list(clients.map(lambda each: _ask(server, each), contents[:first]))
        before = server.own_memory()
        answers += clients.map(lambda each: _ask(server, each), contents[first:])
        print(f"{files} files: {dict(Counter(status for status, _ in answers))}")
        print(f"slowest answer: {max(seconds for _, seconds in answers):.2f} s")
        print(f"memory of the server: {before:.0f} MB, then {server.own_memory():.0f} MB")
        print(f"temporary files left: {[str(each) for each in server.left_behind()]}")


def start(times: int) -> None:
    """Print the seconds until the server is ready."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        with serving():
            seconds.append(time.perf_counter() - began)
    print("ready after", ", ".join(f"{each:.2f}" for each in seconds), "s")


def mutate(content: bytes, draw: random.Random) -> bytes:
    """Return a file in which something was changed, cut out, put in or doubled."""
    damaged = bytearray(content)
    for _ in range(draw.randint(1, 8)):
        at = draw.randrange(len(damaged)) if draw.random() < 0.5 else draw.randrange(200)
        at = min(at, len(damaged) - 1)
        length = draw.choice((1, 1, 4, 64, 4096))
        match draw.randrange(5):
            case 0:
                damaged[at] ^= 1 << draw.randrange(8)
            case 1:
                damaged[at : at + length] = draw.randbytes(length)
            case 2:
                del damaged[at : at + length]
            case 3:
                damaged[at:at] = damaged[at : at + length]
            case 4:
                damaged[at : at + 4] = draw.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff"))
        if not damaged:
            return b"\0"
    return bytes(damaged if draw.random() < 0.7 else damaged[: draw.randrange(1, len(damaged) + 1)])


def _ask(server: Server, content: bytes) -> tuple[int, float]:
    """Return the status of an answer, and the seconds that it took; come again if told so."""
    began = time.perf_counter()
    while True:
        response = server.client.post(
            "/v1/classify", files={"file": ("a.wav", content)}, data={"labels": LABELS}
        )
        if response.status_code != 503:
            return response.status_code, time.perf_counter() - began
        time.sleep(float(response.headers["retry-after"]))


def _median(ask: Callable[[int], None], times: int) -> float:
    seconds = []
    for number in range(times):
        began = time.perf_counter()
        ask(number)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _a_second(ask: Callable[[int], None], times: int, at_once: int) -> float:
    with ThreadPoolExecutor(at_once) as clients:
        began = time.perf_counter()
        list(clients.map(ask, range(times)))
        return times / (time.perf_counter() - began)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=60).status_code == 200
    except httpx.TransportError:
        return False


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):  # a decoder that was replaced meanwhile
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _noise(seconds: float) -> np.ndarray:
    noise = np.random.default_rng(9).standard_normal(round(RATE * seconds))
    return (noise * 3000).astype(np.int16)


def _wav(samples: np.ndarray) -> bytes:
    return _coded(samples, "wav", "pcm_s16le", RATE)


def _encode(container: str, codec: str) -> bytes:
    rate = 48_000 if codec == "libopus" else RATE
    return _coded(_noise(2.0), container, codec, rate)


def _coded(samples: np.ndarray, container: str, codec: str, rate: int) -> bytes:
    file = BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            output.mux(packet)
    return file.getvalue()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for name, function, options in (
        ("load", load, {"requests": 2000, "at_once": 50, "large_every": 100}),
        ("pace", pace, {"requests": 200}),
        ("mutated", mutated, {"files": 1000}),
        ("start", start, {"times": 5}),
    ):
        command = commands.add_parser(name)
        command.set_defaults(function=function)
        for option, value in options.items():
            command.add_argument(f"--{option.replace('_', '-')}", type=int, default=value)
    arguments = vars(parser.parse_args())
    arguments.pop("function")(**arguments)


if __name__ == "__main__":
    main()
