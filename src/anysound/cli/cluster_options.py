"""The options of all commands that a cluster can do the work of."""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from anysound.cli.terminal import help_text
from anysound.errors import UsageError
from anysound.language import Text

if TYPE_CHECKING:
    from anysound.batch import ClusterOptions

Engine: TypeAlias = Literal["local", "ray"]

EngineOption: TypeAlias = Annotated[
    Engine,
    typer.Option(
        help=help_text(
            "Who does the work: this machine, or a Ray cluster whose machines see the recordings "
            "by the same paths.",
            "由谁来做：本机（local），或 Ray 集群（ray；各台机器须能以相同路径访问录音）。",
        ),
    ),
]
AddressOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help=help_text(
            "The Ray cluster that this machine belongs to: host:6379, or auto, which finds it; "
            "without it, one is started on this machine.",
            "本机所属的 Ray 集群：主机:6379，或 auto（自动查找）；不指定则在本机启动一个。",
        ),
    ),
]


def cluster_of(engine: Engine, address: str | None) -> "ClusterOptions | None":
    """Return the cluster that is to do the work, or None.

    Raises:
        UsageError: There is an address, and no cluster was asked for.
    """
    from anysound.batch import ClusterOptions

    if engine == "ray":
        return ClusterOptions(address)
    if address is not None:
        raise UsageError(
            Text(
                en="--address is that of a Ray cluster, and goes with --engine ray.",
                zh="--address 是 Ray 集群的地址，须与 --engine ray 同用。",
            )
        )
    return None


def threads_of(workers: int | None, engine: Engine) -> int | None:
    """Return how many threads a model may run on; on a cluster each core has its own model."""
    return workers if engine == "local" else 1
