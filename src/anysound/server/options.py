"""How the server is to run."""

import os
import re
from dataclasses import dataclass, field
from ipaddress import ip_address

from anysound.errors import UsageError
from anysound.language import Text
from anysound.models import ModelOptions
from anysound.server.guard.auth import Secrets


def _cores() -> int:
    return os.cpu_count() or 1


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class ServerOptions:
    """How the server is to run.

    Attributes:
        host: Address to listen on; ``0.0.0.0`` lets other machines in.
        port: Port to listen on; 0 is any free one.
        host_names: What others call this server; whoever asks for another name is turned away.
            Without any, every name will do, unless the server listens to its own machine alone.
        model: Name of the model that answers; None is the best installed.
        run: How the model is run.
        max_upload: Largest recording that is accepted, in bytes.
        at_once: Recordings classified side by side; further ones wait.
        queue: Recordings that may wait; who sends yet another is told to come back later.
        timeout: Seconds that an answer may take, waiting included.
        max_duration: Seconds of the longest recording that is accepted.
        secrets: What lets someone in; by default everybody is.
        rate: Questions that each client may ask in a minute; None is any number.
        root_path: Where a proxy offers the server, such as ``/sound``; empty is at its root.
        log_json: Whether the log's lines are JSON.
        log_content: Whether labels, names of files and what was heard may be logged.
        allow_pull: Whether models can be downloaded from the page.
        streams: Live streams listened to side by side; further ones are refused.
        index: An index of recordings that is searched; None offers no search.
        upgrade_to: A model that is fetched while the bundled one answers, unless ``model`` or
            ``ANYSOUND_MODEL`` names another; None loads the model that answers before all else.

    Raises:
        UsageError: A limit leaves nothing, or the path is none.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    host_names: tuple[str, ...] = ()
    model: str | None = None
    run: ModelOptions = field(default_factory=ModelOptions)
    max_upload: int = 50 * 1024 * 1024
    at_once: int = field(default_factory=_cores)
    queue: int = 64
    timeout: float = 300.0
    max_duration: float = 7200.0
    secrets: Secrets = field(default_factory=Secrets)
    rate: float | None = None
    root_path: str = ""
    log_json: bool = False
    log_content: bool = False
    allow_pull: bool = False
    streams: int = 8
    index: str | None = None
    upgrade_to: str | None = None

    @property
    def is_named(self) -> bool:
        """Whether only those are answered who ask for this server by a name or address it has."""
        return bool(self.host_names) or _is_loopback(self.host)

    def __post_init__(self) -> None:
        for name, value, least in (
            ("--max-duration", self.max_duration, 1),
            ("--timeout", self.timeout, 1),
            ("--rate", self.rate, 1),
        ):
            if value is not None and not least <= value < float("inf"):
                raise UsageError(
                    Text(
                        en=f"{name} can't be {value:g}: give {least} or more.",
                        zh=f"{name} 不能是 {value:g}：应不小于 {least}。",
                    )
                )
        if not re.fullmatch(r"(/[\w.~-]+)*", self.root_path, re.ASCII):
            raise UsageError(
                Text(
                    en=f"--root-path can't be {self.root_path!r}: it begins with a slash and ends "
                    "without, such as /sound.",
                    zh=f"--root-path 不能是 {self.root_path!r}：应以斜杠开头、结尾不带斜杠，"
                    "例如 /sound。",
                )
            )
