"""The command ``anysound``: its commands, and how each of them ends."""

import contextlib
import gc
import os
import signal
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from anysound.cli import index, labels, models
from anysound.cli.batch import batch
from anysound.cli.classify import classify
from anysound.cli.doctor import doctor
from anysound.cli.eval import evaluate_wordings
from anysound.cli.listen import listen
from anysound.cli.memory import keep_freed_memory
from anysound.cli.review import review
from anysound.cli.serve import serve
from anysound.cli.teach import teach_labels
from anysound.cli.terminal import complain, help_text, say
from anysound.cli.timeline import timeline
from anysound.errors import AnysoundError, LabelError, UsageError
from anysound.language import Text

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


class _Group(TyperGroup):
    """Ends each command in words, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except AnysoundError as error:
            complain(error)
            wrong_usage = isinstance(error, LabelError | UsageError)
            raise typer.Exit(WRONG_USAGE if wrong_usage else FAILED) from error
        except KeyboardInterrupt:
            say(Text(en="Interrupted.", zh="已中断。"))
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=str(
        Text(
            en="Write down the sounds you care about, in your own words, and get them recognised.",
            zh="用自己的话写下关心的声音，anysound 就能识别，无需训练，无需标注数据。",
        )
    ),
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from anysound import __version__

        typer.echo(f"anysound {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help=str(Text(en="Print the version and exit.", zh="显示版本号并退出。")),
        ),
    ] = False,
) -> None:
    """Hold the options that come before a command."""


app.command(
    "classify",
    help=str(
        Text(
            en="Say which of your labels each recording holds.\n\nExample: "
            'anysound classify kitchen.m4a -l "microwave beep, dripping tap, baby crying"',
            zh="判断每段录音符合哪个标签。\n\n示例：anysound classify kitchen.m4a "
            '-l "微波炉叮声, 水龙头滴水声, 婴儿哭声"',
        )
    ),
)(classify)

app.command(
    "timeline",
    help=help_text(
        "Say when each of your labels is heard in a recording of any length.\n\nExample: "
        'anysound timeline street.mp3 -l "car horn, dog barking" -o events.csv',
        "指出每个标签在录音中出现的时间，录音长度不限。\n\n示例：anysound timeline "
        '街道.mp3 -l "汽车喇叭声, 狗叫声" -o 事件.csv',
    ),
)(timeline)

app.command(
    "listen",
    help=help_text(
        "Listen to a microphone or a stream, and say when each of your labels begins and ends to "
        "be heard.\n\nExample: anysound listen -l "
        '"fire alarm, doorbell, baby crying" --on "fire alarm" --run "flash-the-lamp"',
        "监听麦克风或网络流，实时指出每个标签何时开始、何时结束。\n\n示例：anysound listen "
        '-l "火警声, 门铃声, 婴儿哭声" --on 火警声 --run "闪灯程序"',
    ),
)(listen)

app.command(
    "batch",
    help=str(
        Text(
            en="Classify all recordings in a folder and below into one table.\n\nExample: "
            'anysound batch recordings -l "dog barking, rain, car horn" -o results.csv',
            zh="识别文件夹及其子文件夹中的全部录音，写入一个表格。\n\n示例：anysound batch "
            'recordings -l "狗叫, 下雨, 汽车喇叭" -o results.csv',
        )
    ),
)(batch)

app.command(
    "eval",
    help=str(
        Text(
            en="Measure how well labels do on recordings whose labels are known, and compare "
            "wordings.\n\nExample: anysound eval truth.csv -l a.yaml -l b.yaml -o report",
            zh="用已知答案的录音测量标签的效果，并比较不同措辞。\n\n"
            "示例：anysound eval 答案.csv -l 甲.yaml -l 乙.yaml -o 报告",
        )
    ),
)(evaluate_wordings)

app.command(
    "teach",
    help=help_text(
        "Teach labels by a few recordings of each.\n\nExample: "
        "anysound teach examples -o labels.yaml --background quiet",
        "用每个标签的几段录音来教会它。\n\n示例：anysound teach 示例 -o labels.yaml "
        "--background 背景",
    ),
)(teach_labels)

app.command(
    "review",
    help=help_text(
        "Give the right label to recordings that a batch was unsure of.\n\nExample: "
        "anysound review results.csv --folder recordings",
        "给批量识别拿不准的录音标上正确的标签。\n\n示例：anysound review results.csv "
        "--folder recordings",
    ),
)(review)

app.command(
    "serve",
    help=str(
        Text(
            en="Serve the web page and the HTTP API on this machine.",
            zh="在本机启动网页和 HTTP 接口。",
        )
    ),
)(serve)

app.command(
    "doctor",
    help=help_text(
        "Look at this machine, and say what anysound lacks and what to do.\n\nExample: "
        "anysound doctor --json > report.json",
        "检查本机环境，指出 anysound 缺什么、怎么解决。\n\n"
        "示例：anysound doctor --json > 报告.json",
    ),
)(doctor)


app.add_typer(labels.app, name="labels")
app.add_typer(models.app, name="models")
app.add_typer(index.app, name="index")


def main() -> None:
    """Run the command line; never returns."""
    keep_freed_memory()
    gc.freeze()  # what was imported stays: no collection, nor the last one at exit, looks at it
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as for Ctrl-C
    if len(sys.argv) <= 2 or {"-h", "--help"} & set(sys.argv):
        from anysound.cli import help_page  # imports Rich, which takes a fifth of a start

        help_page.set_up()
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(INTERRUPTED)  # recordings that are still being read would hold us up
        raise
