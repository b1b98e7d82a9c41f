"""``anysound models``: install models, look at them, check them, remove them."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anysound.cli.loading import open_model, progress
from anysound.cli.terminal import PrecisionOption, console, help_text, printable, say
from anysound.errors import UsageError
from anysound.language import Text
from anysound.models.clap.family import FAMILY, member
from anysound.models.facts import bundled_facts, installed_facts
from anysound.models.load import BUNDLED, best_installed
from anysound.models.protocol import ModelOptions
from anysound.models.store import Installed, KindName, PullOptions, Store, pull

if TYPE_CHECKING:
    from anysound.models.protocol import Embeddings


NameArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help=help_text(
            "An id such as laion/clap-htsat-fused, with @REVISION if a certain one is meant.",
            "模型名称，例如 laion/clap-htsat-fused；可加 @版本 指定版本。",
        ),
    ),
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help=help_text("Print JSON.", "输出 JSON。"))
]

_KINDS: dict[KindName, Text] = {
    "audio-text": Text(en="sounds", zh="声音识别"),
    "translator": Text(en="translator", zh="翻译"),
}

app = typer.Typer(
    no_args_is_help=True,
    help=help_text(
        "Install models, look at them, check them, remove them.",
        "安装、查看、校验和删除模型。",
    ),
)


@app.command("pull", help=help_text("Download and build a model.", "下载并构建模型。"))
def pull_model(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help=help_text(
                "An id such as laion/clap-htsat-fused, with @REVISION if a certain one is meant, "
                "or a folder in the hub's layout.",
                "模型名称，例如 laion/clap-htsat-fused，可加 @版本；也可以是本地模型文件夹。",
            ),
        ),
    ],
    keep_checkpoint: Annotated[
        bool,
        typer.Option(
            "--keep-checkpoint",
            help=help_text(
                "Keep the original weights too; --device mps needs them.",
                "同时保留原始权重；--device mps 需要它们。",
            ),
        ),
    ] = False,
) -> None:
    """Install a model and say where it lies."""
    with progress() as on_progress:
        options = PullOptions(on_progress=on_progress, keep_checkpoint=keep_checkpoint)
        model = pull(name, options=options)
    say(
        Text(
            en=f"{_title(model)} is installed ({_megabytes(model.size)}) in {model.folder}",
            zh=f"{_title(model)} 已安装（{_megabytes(model.size)}），位于 {model.folder}",
        )
    )
    _warn(model.id)


@app.command("list", help=help_text("List the models on this machine.", "列出本机上的模型。"))
def list_models(as_json: JsonOption = False) -> None:
    """Print a row for each model; the one that answers by default is marked."""
    store = Store()
    default = best_installed()
    facts = [bundled_facts(), *(installed_facts(model) for model in store.installed())]
    if as_json:
        print(json.dumps({"default": default, "models": facts}, ensure_ascii=False))
        return
    from rich.table import Table

    titles = ("model", "kind", "revision", "precision", "licence", "size")
    titles_zh = ("模型", "类型", "版本", "精度", "许可证", "大小")
    table = Table(box=None)
    for en, zh in zip(titles, titles_zh, strict=True):
        table.add_column(help_text(en, zh), overflow="fold")
    for each in facts:
        facts_shown = (each["revision"][:12], each["precision"], each["license"] or "?")
        cells = (str(_KINDS[each["kind"]]), *facts_shown)
        table.add_row(_marked(each["id"], default), *cells, _megabytes(each["size"]))
    console().print(table)
    for broken in store.broken():
        say(broken.reason)
    say(
        Text(
            en=f"* answers by default. Installed models lie in {store.models}",
            zh=f"* 默认使用的模型。已安装的模型位于 {store.models}",
        )
    )


@app.command("info", help=help_text("Show what is known of a model.", "显示模型的详细信息。"))
def show_model(name: NameArgument, as_json: JsonOption = False) -> None:
    """Print the facts of an installed model, or what is known of one that could be."""
    known = member(name.partition("@")[0])
    facts = bundled_facts() if name == BUNDLED else _facts_by_name(name)
    if facts is None and known is None:
        raise _absent(name)
    facts = facts or {"id": name, "installed": None}
    if known:
        facts["about"] = str(known.about)
    if as_json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        for key, value in facts.items():
            shown = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            print(f"{key}: {printable(str(shown))}")
    if known:
        _warn(known.id)


@app.command("remove", help=help_text("Remove a model from this machine.", "从本机删除模型。"))
def remove_model(
    name: NameArgument,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=help_text("Don't ask.", "不再询问。"))
    ] = False,
) -> None:
    """Remove a model; ask first where somebody can answer."""
    if name == BUNDLED:
        raise UsageError(
            Text(
                en="The bundled model is part of anysound and can't be removed.",
                zh="自带模型是 anysound 的一部分，无法删除。",
            )
        )
    if not yes and sys.stdin.isatty():
        typer.confirm(help_text(f"Remove {name}?", f"确定删除 {name}？"), abort=True)
    removed = Store().remove(name)
    say(
        Text(
            en=f"{name} is removed; {_megabytes(removed.size)} are free again.",
            zh=f"已删除 {name}，释放 {_megabytes(removed.size)}。",
        )
    )


@app.command(
    "verify",
    help=help_text(
        "Check a model's files, and print what it makes of inputs that anyone can make again.",
        "校验模型文件，并输出标准输入的计算结果，便于与参考实现比较。",
    ),
)
def verify_model(
    name: NameArgument,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=help_text(
                "Compare with what tools/reference_embeddings.py or --json wrote.",
                "与 tools/reference_embeddings.py 或 --json 输出的文件比较。",
            ),
        ),
    ] = None,
    precision: PrecisionOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Print the first values of each embedding; exit 1 if a file or a value is not as it should."""
    from anysound.models.clap.verify import canonical_embeddings, read_reference

    installed = Store().find(name)
    if installed and installed.kind == "translator":  # which embeds nothing
        _verify_files(installed)
        en, zh = "its files are as they were installed", "文件与安装时一致"
        say(Text(en=f"{_title(installed)}: {en}.", zh=f"{_title(installed)}：{zh}。"))
        return
    reference = read_reference(against) if against else None
    if name != BUNDLED:  # that one comes with anysound, and pip knows its files
        if installed is None:
            raise _absent(name)
        _verify_files(installed)
        name = f"{installed.id}@{installed.revision}"
    model = open_model(name, ModelOptions(precision=precision, device="cpu"))
    found = canonical_embeddings(model)
    if as_json:
        rows = {text: row.tolist() for text, row in found.items()}
        facts = {"model": model.info.id, "revision": model.info.revision}
        print(json.dumps({**facts, "precision": model.info.precision, "embeddings": rows}))
    else:
        for text, row in found.items():
            print(f"{text}: {' '.join(f'{value:+.5f}' for value in row[:5])}")
    if reference is not None:
        _compare(found, reference, model.info.precision)


def _verify_files(installed: Installed) -> None:
    """Check the files of an installed model. Exit 1 if any was altered."""
    altered = Store().check(installed)
    if not altered:
        return
    listed = ", ".join(altered)
    say(
        Text(
            en=f"{_title(installed)} was altered since it was installed: {listed}. Remove it and "
            "pull it again.",
            zh=f"{_title(installed)} 安装后被改动过：{listed}。请删除后重新拉取。",
        )
    )
    raise typer.Exit(1)


def _compare(
    found: "dict[str, Embeddings]", reference: "dict[str, Embeddings]", precision: str
) -> None:
    from anysound.models.clap.verify import CLOSE, largest_difference

    apart, allowed = largest_difference(found, reference), CLOSE[precision]
    is_same = apart <= allowed
    say(
        Text(
            en=f"Largest difference: {apart:.1e}, {'as it should be' if is_same else 'too much'} "
            f"({allowed:g} is allowed in {precision}).",
            zh=f"最大差异：{apart:.1e}，{'正常' if is_same else '过大'}"
            f"（{precision} 允许 {allowed:g}）。",
        )
    )
    if not is_same:
        raise typer.Exit(1)


def _facts_by_name(name: str) -> dict[str, Any] | None:
    model = Store().find(name)
    return installed_facts(model) if model else None


def _absent(name: str) -> UsageError:
    ids = ", ".join(each.id for each in FAMILY)
    return UsageError(
        Text(
            en=f"Model {name!r} is not installed. Install it: anysound models pull NAME. LAION's "
            f"are: {ids}.",
            zh=f"没有安装模型 {name!r}。安装命令：anysound models pull 名称。"
            f"LAION 的模型有：{ids}。",
        )
    )


def _warn(id: str) -> None:
    known = member(id)
    if known and known.warning:
        say(known.warning)


def _title(model: Installed) -> str:
    return f"{model.id}@{model.revision[:12]}"


def _marked(id: str, default: str) -> str:
    return f"{id} *" if id == default else id


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
