"""``anysound classify``: which of the labels does each recording hold?"""

import sys
from typing import Annotated, BinaryIO

import typer

from anysound.audio import recording_name
from anysound.cli.loading import Answering
from anysound.cli.report import JsonReport, Report, TableReport
from anysound.cli.terminal import (
    DeviceOption,
    FusedOption,
    LabelsOption,
    ModelOption,
    PrecisionOption,
    ThresholdsOption,
    TranslatorOption,
    UntranslatedOption,
)
from anysound.errors import RecordingError, UsageError
from anysound.labels import read_labels
from anysound.language import Text
from anysound.models import ModelOptions


def classify(
    recordings: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORDING",
            help=str(
                Text(
                    en="Sound or video files, or URLs of such (s3://bucket/a.wav); - is standard "
                    "input.",
                    zh="音频或视频文件，或其网络地址（s3://bucket/a.wav）；- 表示标准输入。",
                )
            ),
        ),
    ],
    labels: LabelsOption,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help=str(
                Text(
                    en="Print one JSON object a line, one for each recording; "
                    "one that failed has 'recording' and 'error' only.",
                    zh="每段录音输出一行 JSON 对象；失败的录音只有 recording 和 error 两项。",
                )
            ),
        ),
    ] = False,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
    thresholds: ThresholdsOption = None,
    fused: FusedOption = False,
    compat: Annotated[
        str | None,
        typer.Option(
            metavar="transformers",
            help=str(
                Text(
                    en="Do as transformers' pipeline does, to compare with it.",
                    zh="按 transformers 流水线的方式计算，仅用于对比。",
                )
            ),
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=str(
                Text(
                    en="Parts of a recording heard side by side; by default one per core.",
                    zh="同时处理一段录音的多少个片段；默认等于 CPU 核数。",
                )
            ),
        ),
    ] = None,
) -> None:
    """Print an answer for each recording; exit 1 if one failed."""
    label_set = read_labels(labels)
    sources = _sources(recordings)
    run = ModelOptions(precision, device, threads, fused, compat)
    classifier = Answering(model, run, translator, untranslated, thresholds).classifier()
    report: Report = JsonReport() if as_json else TableReport()
    failed = 0
    for source in sources:
        try:
            report.answer(classifier.classify(source, label_set))
        except RecordingError as error:
            report.failure(recording_name(source), error)
            failed += 1
    report.end()
    if failed:
        raise typer.Exit(1)


def _sources(recordings: list[str]) -> list[str | BinaryIO]:
    """Put standard input where ``-`` stands."""
    if recordings.count("-") > 1:
        raise UsageError(
            Text(
                en="Standard input (-) can be read only once: give - once.",
                zh="标准输入（-）只能读取一次：请只写一个 -。",
            )
        )
    if "-" in recordings and sys.stdin.isatty():
        raise UsageError(
            Text(
                en="Standard input (-) is the keyboard: pipe a recording in, as in "
                "`anysound classify - -l LABELS < kitchen.m4a`.",
                zh="标准输入（-）当前是键盘：请用管道或重定向传入录音，例如 "
                "`anysound classify - -l 标签 < kitchen.m4a`。",
            )
        )
    return [sys.stdin.buffer if each == "-" else each for each in recordings]
