"""``anysound serve``: the web page and the HTTP API."""

from typing import Annotated

import typer

from anysound.cli.terminal import DeviceOption, ModelOption, PrecisionOption
from anysound.language import Text
from anysound.models import ModelOptions


def serve(
    host: Annotated[
        str,
        typer.Option(
            help=str(
                Text(
                    en="Address to listen on; 0.0.0.0 lets other machines in.",
                    zh="监听地址；0.0.0.0 表示允许其他机器访问。",
                )
            )
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            help=str(
                Text(
                    en="Port to listen on; 0 is any free one.", zh="监听端口；0 表示任选空闲端口。"
                )
            ),
        ),
    ] = 7860,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
) -> None:
    """Serve the page and the API until interrupted."""
    from anysound import server

    run = ModelOptions(precision, device)
    server.serve(server.ServerOptions(host=host, port=port, model=model, run=run))
