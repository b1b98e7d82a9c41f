"""How the server is to run."""

import os
from dataclasses import dataclass, field

from anysound.models import ModelOptions


def _cores() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True)
class ServerOptions:
    """How the server is to run.

    Attributes:
        host: Address to listen on; ``0.0.0.0`` lets other machines in.
        port: Port to listen on; 0 is any free one.
        model: Name of the model that answers; None is the best installed.
        run: How the model is run.
        max_upload: Largest recording that is accepted, in bytes.
        at_once: Recordings classified side by side; further ones wait.
        streams: Live streams listened to side by side; further ones are refused.
        index: An index of recordings that is searched; None offers no search.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    model: str | None = None
    run: ModelOptions = field(default_factory=ModelOptions)
    max_upload: int = 50 * 1024 * 1024
    at_once: int = field(default_factory=_cores)
    streams: int = 8
    index: str | None = None
