"""``anysound serve``: the web page and the HTTP API."""

import os
from typing import Annotated, TypeAlias

import typer

from anysound.cli.terminal import DeviceOption, ModelOption, PrecisionOption
from anysound.language import Text
from anysound.models import ModelOptions

HostOption: TypeAlias = Annotated[
    str,
    typer.Option(
        envvar="ANYSOUND_HOST",
        show_envvar=True,
        help=str(
            Text(
                en="Address to listen on; 0.0.0.0 lets other machines in.",
                zh="监听地址；0.0.0.0 表示允许其他机器访问。",
            )
        ),
    ),
]
PortOption: TypeAlias = Annotated[
    int,
    typer.Option(
        min=0,
        max=65535,
        envvar="ANYSOUND_PORT",
        show_envvar=True,
        help=str(
            Text(en="Port to listen on; 0 is any free one.", zh="监听端口；0 表示任选空闲端口。")
        ),
    ),
]
HostNameOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--host-name",
        metavar="NAME",
        help=str(
            Text(
                en="A name under which others reach the server, such as that of a proxy; may be "
                "given several times. Whoever asks for another name is turned away.",
                zh="他人访问本服务所用的域名（例如反向代理的域名），可多次指定；使用其他域名的"
                "请求会被拒绝。",
            )
        ),
    ),
]
TokenOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        envvar="ANYSOUND_TOKEN",
        show_envvar=True,
        help=str(
            Text(
                en="Let in only those who send this token; better given in the environment, where "
                "other users of the machine don't see it.",
                zh="只允许携带此令牌的请求；最好用环境变量设置，以免被同机的其他用户看到。",
            )
        ),
    ),
]
UserOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help=str(
            Text(
                en="Let in this user, with the password in ANYSOUND_PASSWORD.",
                zh="允许此用户登录，密码用环境变量 ANYSOUND_PASSWORD 设置。",
            )
        )
    ),
]
RateOption: TypeAlias = Annotated[
    float | None,
    typer.Option(
        metavar="N",
        help=str(
            Text(
                en="Questions that each client may ask in a minute.",
                zh="每个客户端每分钟最多的请求数。",
            )
        ),
    ),
]
MaxDurationOption: TypeAlias = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        help=str(
            Text(en="The longest recording that is accepted.", zh="允许的最长录音，单位为秒。")
        ),
    ),
]
TimeoutOption: TypeAlias = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        help=str(
            Text(
                en="What an answer may take, waiting included.",
                zh="每次识别的最长时间（含排队），单位为秒。",
            )
        ),
    ),
]
RootPathOption: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="PATH",
        help=str(
            Text(
                en="Where a proxy offers the server, such as /sound.",
                zh="反向代理对外提供服务的路径，例如 /sound。",
            )
        ),
    ),
]
LogJsonOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--log-json",
        help=str(Text(en="Log every request as a line of JSON.", zh="以 JSON 逐行记录每个请求。")),
    ),
]
LogContentOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--log-content",
        help=str(
            Text(
                en="Let labels and names of files stand in the log.",
                zh="允许日志中出现标签和文件名。",
            )
        ),
    ),
]
IndexOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="INDEX",
        help=str(
            Text(
                en="Let the page search this index of recordings; whoever may open the page can "
                "listen to what is found.",
                zh="允许在网页中搜索此录音索引；能打开网页的人都可以试听搜索结果。",
            )
        ),
    ),
]
AllowPullOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--allow-pull",
        help=str(Text(en="Let models be downloaded from the page.", zh="允许在网页中下载模型。")),
    ),
]
UpgradeOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        envvar="ANYSOUND_UPGRADE_TO",
        show_envvar=True,
        help=str(
            Text(
                en="Answer with the bundled model at once, and with this one (or what --model or "
                "ANYSOUND_MODEL names) as soon as it has been downloaded.",
                zh="先用自带模型提供服务，同时在后台下载此模型（--model 或 ANYSOUND_MODEL "
                "指定了模型时以其为准），下载完成后自动切换。",
            )
        ),
    ),
]


def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 7860,
    host_name: HostNameOption = None,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    token: TokenOption = None,
    user: UserOption = None,
    rate: RateOption = None,
    max_duration: MaxDurationOption = 7200.0,
    timeout: TimeoutOption = 300.0,
    root_path: RootPathOption = "",
    log_json: LogJsonOption = False,
    log_content: LogContentOption = False,
    index: IndexOption = None,
    allow_pull: AllowPullOption = False,
    upgrade_to: UpgradeOption = None,
) -> None:
    """Serve the page and the API until interrupted."""
    from anysound import server

    password = os.environ.get("ANYSOUND_PASSWORD") or None
    server.serve(
        server.ServerOptions(
            host=host,
            port=port,
            host_names=tuple(host_name or ()),
            model=model,
            run=ModelOptions(precision, device),
            timeout=timeout,
            max_duration=max_duration,
            secrets=server.Secrets(token or None, user, password),
            rate=rate,
            root_path=root_path,
            log_json=log_json,
            log_content=log_content,
            index=index,
            allow_pull=allow_pull,
            upgrade_to=upgrade_to or None,
        )
    )
