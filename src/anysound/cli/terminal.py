"""What the commands show to a person."""

import json
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from anysound.errors import AnysoundError
from anysound.language import Text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_LABELS = str(
    Text(
        en="What to listen for: a line such as 'dog barking, rain', @FILE, or a label file "
        "(.yaml, .json, .txt).",
        zh="要识别的标签：一行文字，例如“狗叫, 下雨”；也可以是 @文件，或标签文件"
        "（.yaml、.json、.txt）。",
    )
)
_MODEL = str(
    Text(
        en="The model that answers: bundled, an id such as laion/clap-htsat-fused (downloaded "
        "if need be), or a folder; by default the best installed.",
        zh="使用的模型：bundled、模型名称（例如 laion/clap-htsat-fused，未安装时自动下载）"
        "或本地文件夹；默认为已安装的最佳模型。",
    )
)

LabelsOption: TypeAlias = Annotated[
    str, typer.Option("--labels", "-l", metavar="LABELS", help=_LABELS)
]
ModelOption: TypeAlias = Annotated[str | None, typer.Option("--model", metavar="NAME", help=_MODEL)]
PrecisionOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--precision",
        metavar="auto|fp32|int8",
        help=str(
            Text(
                en="Which weights to run; auto takes int8 where it has proved itself.",
                zh="使用的精度；auto 会在通过自检时使用 int8。",
            )
        ),
    ),
]
UntranslatedOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--untranslated",
        metavar="refuse|keep",
        help=str(
            Text(
                en="What becomes of a Chinese label without English, where the model reads no "
                "Chinese: an error, or passed on as it is.",
                zh="模型不懂中文、而标签又无法翻译时：refuse 报错，keep 原样传给模型。",
            )
        ),
    ),
]
TranslatorOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--translator",
        metavar="lexicon|NAME",
        help=str(
            Text(
                en="What puts Chinese labels into English, where the model reads no Chinese: the "
                "built-in lexicon, or a model such as Helsinki-NLP/opus-mt-zh-en (downloaded if "
                "need be; needs the extra 'translate').",
                zh="模型不懂中文时，用什么把标签译成英文：内置词典 lexicon，或翻译模型，例如 "
                "Helsinki-NLP/opus-mt-zh-en（未安装时自动下载；需要可选组件 translate）。",
            )
        ),
    ),
]
ThresholdsOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--thresholds",
        metavar="FILE.yaml",
        help=str(
            Text(
                en="Thresholds for verdicts in place of the model's own, as "
                "`anysound eval --fit-thresholds` writes them.",
                zh="用自己的阈值代替模型自带阈值来下结论；文件可由 "
                "`anysound eval --fit-thresholds` 生成。",
            )
        ),
    ),
]
FusedOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--fused",
        help=str(
            Text(
                en="Let a fused model hear a recording of up to a minute as one, by three crops "
                "and the shrunken whole, rather than in windows.",
                zh="融合（fused）模型把一分钟以内的录音作为整体识别（三段截取加整体压缩），"
                "而不是分窗。",
            )
        ),
    ),
]
DeviceOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--device",
        metavar="auto|cpu|cuda|cuda:1|mps",
        help=str(Text(en="Where to run the model.", zh="在哪个设备上运行模型。")),
    ),
]
ReportOption: TypeAlias = Annotated[
    bool,
    typer.Option("--json", help=str(Text(en="Print the report as JSON.", zh="以 JSON 输出报告。"))),
]
HearersOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        metavar="N",
        help=str(
            Text(
                en="Recordings heard side by side; by default one per core.",
                zh="同时处理多少段录音；默认等于 CPU 核数。",
            )
        ),
    ),
]


def help_text(en: str, zh: str) -> str:
    """Return a text for ``--help``, which is fixed when the command line starts."""
    return str(Text(en=en, zh=zh))


def print_json(content: object, indent: int | None = None) -> None:
    """Print a result for a program; what the output's encoding lacks is escaped."""
    encoding = sys.stdout.encoding or "ascii"
    is_utf8 = encoding.lower().replace("-", "") == "utf8"
    print(json.dumps(content, ensure_ascii=not is_utf8, indent=indent), flush=True)


def console(*, stderr: bool = False) -> "Console":
    """Make the console for people; its markup is off, since users' texts may look like it."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def counting() -> "Progress":
    """Make a bar that counts recordings; shown on a terminal only, and gone at the end."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    err = console(stderr=True)
    return Progress(
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    )


def printable(text: str) -> str:
    """Replace what a terminal would act upon instead of showing it."""
    return "".join(
        "\ufffd" if unicodedata.category(char) in ("Cc", "Cs") and char != "\n" else char
        for char in text
    )


def say(text: Text) -> None:
    """Tell the user something that is no result."""
    print(printable(str(text)), file=sys.stderr, flush=True)


def complain(error: AnysoundError) -> None:
    """Tell the user what went wrong."""
    say(Text(en=f"Error: {error.text.en}", zh=f"错误：{error.text.zh}"))
