"""Prove that the Dockerfile makes what docs/docker.md promises, without an engine.

    python -m container.prove [--work FOLDER] [--keep]

Builds the Dockerfile of this repository itself, runs it as its user, and asks it: health check,
answers without a network, the older calls, a full model fetched into the mounted folder from a hub
on this machine, a restart with it, an image with a model in it. Prints what was done, and what the
image's size consists of. Needs root, buildah and debootstrap; exit status 77 is "not here".

What this does not try: a real engine, its port mapping and its limits; a GPU; the real hub.
"""

import argparse
import csv
import json
import os
import shutil
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from container.engine import ROOT, Container, Engine, Mount, missing, wait_until
from tests.models.clap.tiny import write_tiny_checkpoint
from tests.models.hub import LocalHub
from tests.server.making import wav_tone
from tests.server.running import free_port

NOT_HERE = 77
FULL = "laion/clap-htsat-fused"
NOWHERE = "http://127.0.0.1:9"
"""A hub that isn't there, as on a machine without a network."""

LABELS = "狗叫声, 下雨声, 汽车喇叭声"
PARTS = ("av", "av.libs", "gradio", "onnxruntime", "onnx", "numpy", "numpy.libs", "pandas")


@dataclass
class Proof:
    """What was tried, one step after the other; the first that fails ends it."""

    tried: int = 0

    def that(self, what: str, holds: object) -> None:
        """Say that something holds, or stop."""
        print(f"{'ok' if holds else 'NOT'}: {what}", flush=True)
        if not holds:
            raise SystemExit(1)
        self.tried += 1


class Server:
    """A server in a container, asked from outside."""

    def __init__(self, container: Container, port: int) -> None:
        self._container = container
        self._port = port

    def get(self, path: str) -> Any:
        """Return what is answered as JSON."""
        return json.loads(self.read(path))

    def read(self, path: str) -> bytes:
        """Return what is answered."""
        url = f"http://127.0.0.1:{self._port}{path}"
        with urllib.request.urlopen(url, timeout=60) as response:
            return bytes(response.read())

    def classify(self) -> Any:
        """Send a recording, and return the answer."""
        edge = uuid.uuid4().hex
        part = f'--{edge}\r\nContent-Disposition: form-data; name="'
        body = f'{part}labels"\r\n\r\n{LABELS}\r\n{part}file"; filename="a.wav"\r\n\r\n'.encode()
        body += wav_tone(1000) + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        url = f"http://127.0.0.1:{self._port}/v1/classify"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as response:
            return json.load(response)

    def is_healthy(self, check: list[str]) -> bool:
        """Run the image's own health check in the container."""
        run = self._container.run(*check, ANYSOUND_PORT=str(self._port))
        return run.returncode == 0


@contextmanager
def serving(
    container: Container, log: Path, command: list[str], **environment: str
) -> Iterator[Server]:
    """Run a command that serves, on a free port."""
    port = free_port()
    environment["ANYSOUND_PORT"] = str(port)
    with container.started(log, *command, **environment):
        server = Server(container, port)
        wait_until(lambda: server.get("/readyz")["status"] == "ready")
        yield server


def base_of(dockerfile: Path) -> str:
    """Return the base image that a Dockerfile names unless told otherwise."""
    lines = dockerfile.read_text("utf-8").splitlines()
    return next(line.removeprefix("ARG BASE=") for line in lines if line.startswith("ARG BASE="))


def main() -> None:
    """Prove it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--work", type=Path, help="where images are kept; some gigabytes")
    parser.add_argument("--keep", action="store_true", help="keep images for the next time")
    asked = parser.parse_args()
    if why := missing():
        print(f"skipped: {why}")
        raise SystemExit(NOT_HERE)
    work = asked.work or Path(tempfile.mkdtemp(prefix="anysound-image-", dir="/var/tmp"))
    proof = Proof()
    try:
        _prove(proof, Engine(work), work)
    finally:
        if not asked.keep:
            shutil.rmtree(work, ignore_errors=True)
    print(f"{proof.tried} passed, 0 failed")


def _prove(proof: Proof, engine: Engine, work: Path) -> None:
    base = base_of(ROOT / "Dockerfile")
    if not engine.has(base):
        _timed("a stand-in for the base image", lambda: engine.make_base(base))
    _timed("the image", lambda: engine.build("anysound", "Dockerfile"))
    config = engine.config("anysound")
    check = config["Healthcheck"]["Test"][1:]
    models, data, log = work / "ai-models", work / "data", work / "log.txt"
    for folder in (models, data):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        os.chown(folder, 1000, 1000)
    _record(data / "audio")
    mounts = (Mount(models, "/root/ai-models"), Mount(data, "/data"))
    with engine.container("anysound", *mounts) as container:
        begun = time.time()
        with container.files() as files:
            _tell_sizes(files)
        _runs_as_nobody_special(proof, container)
        _answers_offline(proof, container, log, config["Cmd"], check)
        _keeps_older_calls(proof, container, log, data)
        _fetches_the_full_model(proof, container, log, config["Cmd"], models, work / "repos")
        with container.files() as files:
            _wrote_nothing(proof, files, begun)
    _has_a_model_inside(proof, engine, log, config["Cmd"], work / "repos")


def _runs_as_nobody_special(proof: Proof, container: Container) -> None:
    proof.that("the user is not root", container.run("id", "-u").stdout.strip() == "1000")
    places = "/opt/anysound /opt/models /root /root/clap-htsat-fused /etc"
    writes = f"for place in {places}; do touch $place/x 2>/dev/null && echo $place; done"
    proof.that("it may not write into the image", not container.run("sh", "-c", writes).stdout)
    other = container.run("anysound", "--version")
    proof.that(f"the command is there: {other.stdout.strip()}", other.returncode == 0)


def _answers_offline(
    proof: Proof, container: Container, log: Path, command: list[str], check: list[str]
) -> None:
    proof.that(
        "the health check fails while there is no server",
        not Server(container, free_port()).is_healthy(check),
    )
    begun = time.monotonic()
    with serving(container, log, command, HF_ENDPOINT=NOWHERE) as server:
        seconds = time.monotonic() - begun
        proof.that(f"without a network it is ready after {seconds:.1f} s", True)
        proof.that("the health check is content", server.is_healthy(check))
        proof.that("the bundled model answers", server.classify()["model"] == "bundled")
        proof.that("the page is there", b"anysound" in server.read("/"))
        told = wait_until(lambda: (now := _upgrade(server))["state"] == "waiting" and now)
        proof.that(f"it says what is wrong: {told['problem']}", NOWHERE in told["problem"])
    with serving(container, log, command, ANYSOUND_MODEL="bundled") as server:
        proof.that("ANYSOUND_MODEL=bundled fetches nothing", "upgrade" not in server.get("/readyz"))


def _keeps_older_calls(proof: Proof, container: Container, log: Path, data: Path) -> None:
    where = container.run("pwd").stdout.strip()
    proof.that(f"commands run in {where}", where == "/root/clap-htsat-fused")
    port = free_port()
    command = ["python", "app.py", "--port", str(port)]
    with container.started(log, *command, HF_ENDPOINT=NOWHERE):
        server = Server(container, port)
        wait_until(lambda: server.get("/readyz"))
        proof.that("python app.py --port", server.classify()["model"] == "bundled")
    older = ["--audio_dir", "/data/audio", "--labels", LABELS, "--output_csv", "/data/results.csv"]
    run = container.run("python", "cli_batch.py", *older, HF_ENDPOINT=NOWHERE)
    proof.that(
        f"python cli_batch.py {run.stderr[-300:] if run.returncode else ''}", not run.returncode
    )
    with (data / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    proof.that("results.csv has a row for each recording", len(rows) == 2)
    proof.that("with its first label", all(row["label"] in LABELS.split(", ") for row in rows))
    proof.that("and how sure it is", all(0 < float(row["probability"]) <= 1 for row in rows))
    proof.that("it is the user's own", (data / "results.csv").stat().st_uid == 1000)


def _fetches_the_full_model(
    proof: Proof, container: Container, log: Path, command: list[str], models: Path, repos: Path
) -> None:
    write_tiny_checkpoint(repos / FULL)
    with LocalHub(repos) as hub, serving(container, log, command, HF_ENDPOINT=hub.url) as server:
        wait_until(lambda: _upgrade(server)["state"] == "done")
        proof.that("the full model takes over by itself", server.classify()["model"] == FULL)
    found = list((models / "models").glob("laion--clap-htsat-fused/*/manifest.json"))
    proof.that("it lies in the mounted folder", len(found) == 1 and found[0].stat().st_uid == 1000)
    with serving(container, log, command, HF_ENDPOINT=NOWHERE) as server:
        said = server.get("/healthz")["model"]["id"]
        proof.that("after a restart it answers at once, without a network", said == FULL)


def _wrote_nothing(proof: Proof, files: Path, since: float) -> None:
    """See that a read-only root would do: all that was written lies in mounts, or in /tmp."""
    not_its_own = {"tmp", "proc", "sys", "dev", "run", "etc", "data"}
    news = [
        str(path.relative_to(files))
        for top in files.iterdir()
        if top.name not in not_its_own and not top.is_symlink()
        for path in top.rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime > since
    ]
    proof.that(f"nothing else was written {news[:5] or ''}", not news)


def _has_a_model_inside(
    proof: Proof, engine: Engine, log: Path, command: list[str], repos: Path
) -> None:
    with LocalHub(repos) as hub:
        told = {"MODEL": FULL, "HF_ENDPOINT": hub.url}
        _timed("an image with a model in it", lambda: engine.build("full", "Dockerfile", **told))
    with (
        engine.container("full") as container,
        serving(container, log, command, HF_ENDPOINT=NOWHERE) as server,
    ):
        proof.that(
            "the model inside answers, and none is fetched", server.classify()["model"] == FULL
        )
        proof.that("nor looked for", "upgrade" not in server.get("/readyz"))


def _upgrade(server: Server) -> Any:
    return server.get("/readyz")["upgrade"]


def _record(folder: Path) -> None:
    folder.mkdir()
    for frequency in (440, 1000):
        (folder / f"{frequency}.wav").write_bytes(wav_tone(frequency))


def _timed(what: str, make: Callable[[], None]) -> None:
    begun = time.monotonic()
    make()
    print(f"made: {what}, in {time.monotonic() - begun:.0f} s", flush=True)


def _tell_sizes(files: Path) -> None:
    """Print what takes how much of the image, in MB."""
    packages = next((files / "opt/anysound/lib").glob("python3*/site-packages"))
    sizes = {name: _size(packages / name) for name in (*PARTS, "anysound")}
    venv = _size(files / "opt/anysound")
    everything = _size(files)
    rows = {
        "Debian with Python": everything - venv,
        **dict(sorted(sizes.items(), key=lambda each: -each[1])),
        "other packages": venv - sum(sizes.values()),
        "all": everything,
    }
    for name, size in rows.items():
        print(f"size: {name}: {size / 1e6:.0f} MB")


def _size(folder: Path) -> int:
    outside = {folder / "proc", folder / "sys", folder / "dev"}
    total = 0
    for top, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if Path(top, each) not in outside]
        total += sum(Path(top, name).lstat().st_size for name in names)
    return total


if __name__ == "__main__":
    main()
