"""``anysound timeline``: when is each label heard in a recording?"""

import shutil
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from anysound.audio import Waveform, recording_name
from anysound.classifier import Classifier
from anysound.cli.event_options import (
    GapOption,
    HopOption,
    MarginOption,
    ScoreOption,
    WindowOption,
)
from anysound.cli.loading import Answering
from anysound.cli.terminal import (
    DeviceOption,
    LabelsOption,
    ModelOption,
    PrecisionOption,
    ThresholdsOption,
    TranslatorOption,
    UntranslatedOption,
    help_text,
    say,
)
from anysound.cli.timeline_report import EventReport
from anysound.errors import UsageError
from anysound.labels import LabelSet, read_labels
from anysound.language import Text
from anysound.models import ModelOptions
from anysound.timeline import Event, Frame, TimelineOptions

_DEFAULTS = TimelineOptions()


@dataclass(frozen=True)
class _Wanted:
    """What is to become of the events."""

    files: tuple[Path, ...]
    picture: Path | None
    clips: Path | None
    margin: float
    as_json: bool


def timeline(
    recording: Annotated[
        str,
        typer.Argument(
            metavar="RECORDING",
            help=help_text(
                "A sound or video file of any length, or its URL (s3://bucket/a.wav); - is "
                "standard input.",
                "任意长度的音频或视频文件，或其网络地址（s3://bucket/a.wav）；- 表示标准输入。",
            ),
        ),
    ],
    labels: LabelsOption,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=help_text(
                "Write the events into a file, as its name says: .csv, .jsonl, .txt (Audacity "
                "labels), .selections.txt (Raven), .json (Label Studio). May be given again.",
                "把事件写入文件，格式由文件名决定：.csv、.jsonl、.txt（Audacity 标签）、"
                ".selections.txt（Raven）、.json（Label Studio）。可多次使用。",
            ),
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png|.svg",
            help=help_text(
                "Draw the scores over time above the spectrogram.", "绘制得分曲线与频谱图。"
            ),
        ),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help=help_text(
                "Cut each event out into a file of its own, without loss.",
                "把每个事件无损截取为单独的音频文件。",
            ),
        ),
    ] = None,
    margin: MarginOption = 0.5,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help=help_text(
                "Print one JSON object a line, each as soon as its event is over.",
                "每个事件结束后立即输出一行 JSON。",
            ),
        ),
    ] = False,
    top: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=help_text(
                "In place of events, the N best moments of each label, however sure.",
                "不输出事件，而是每个标签最像的 N 个时刻（无论把握大小）。",
            ),
        ),
    ] = None,
    threshold: ScoreOption = _DEFAULTS.threshold,
    gap: GapOption = _DEFAULTS.gap,
    window: WindowOption = None,
    hop: HopOption = None,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
    thresholds: ThresholdsOption = None,
) -> None:
    """Print each event as soon as it is over."""
    label_set = read_labels(labels)
    options = TimelineOptions(window, hop, threshold, gap=gap, top=top)
    run = ModelOptions(precision, device)
    classifier = Answering(model, run, translator, untranslated, thresholds).classifier()
    with ExitStack() as stack:
        source = _source(recording, stack, twice=clips is not None)
        wanted = _Wanted(tuple(output or ()), picture, clips, margin, as_json)
        _follow(classifier, source, label_set, options, wanted)
    if classifier.model.info.hint:
        say(classifier.model.info.hint)


def _source(recording: str, stack: ExitStack, *, twice: bool) -> str | BinaryIO:
    """Return what to read; standard input that is read twice is kept meanwhile."""
    if recording != "-":
        return recording
    if sys.stdin.isatty():
        raise UsageError(
            Text(
                en="Standard input (-) is the keyboard: pipe a recording in, as in "
                "`anysound timeline - -l LABELS < street.mp3`.",
                zh="标准输入（-）当前是键盘：请用管道或重定向传入录音，例如 "
                "`anysound timeline - -l 标签 < street.mp3`。",
            )
        )
    if not twice:
        return sys.stdin.buffer
    kept = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    shutil.copyfileobj(sys.stdin.buffer, kept)
    return cast(BinaryIO, kept)


def _follow(
    classifier: Classifier,
    source: str | BinaryIO,
    labels: LabelSet,
    options: TimelineOptions,
    wanted: _Wanted,
) -> None:
    """Print the events as they come, and write whatever else is wanted of them."""
    from anysound.timeline.clips import ClipFolder
    from anysound.timeline.formats import open_events

    clips = ClipFolder(wanted.clips, wanted.margin) if wanted.clips else None
    names = [label.name for label in labels]
    drawing = _Drawing(wanted.picture, recording_name(source), names, classifier.model.info.rate)
    events: list[Event] = []
    with ExitStack() as stack:
        writers = [stack.enter_context(open_events(path, names)) for path in wanted.files]

        def on_frame(frame: Frame) -> None:
            drawing.add_frame(frame)
            report.advance()

        timeline = classifier.timeline(source, labels, options, on_frame, drawing.add_block)
        report = stack.enter_context(EventReport(timeline, as_json=wanted.as_json))
        for event in timeline:
            report.add(event)
            for writer in writers:
                writer.add(event)
            if wanted.picture or clips:
                events.append(event)
    report.end()
    drawing.write(events)
    if clips:
        count = len(clips.write(source, events))
        say(
            Text(
                en=f"Clips in {wanted.clips}: {count}", zh=f"{wanted.clips}：截取了 {count} 个片段"
            )
        )
    for path in (*wanted.files, *filter(None, [wanted.picture])):
        say(Text(en=f"Written: {path}", zh=f"已写入：{path}"))


class _Drawing:
    """The picture in the making, or nothing at all."""

    def __init__(self, path: Path | None, name: str, labels: list[str], rate: int) -> None:
        self._path = path
        self._maker = None
        if path is not None:
            from anysound.timeline.overview import OverviewMaker
            from anysound.timeline.picture import check_picture

            check_picture(path)
            self._maker = OverviewMaker(name, labels, rate)

    def add_frame(self, frame: Frame) -> None:
        if self._maker:
            self._maker.add_scores((frame.start + frame.end) / 2, frame.scores)

    def add_block(self, block: Waveform) -> None:
        if self._maker:
            self._maker.add_waveform(block)

    def write(self, events: list[Event]) -> None:
        if self._maker and self._path:
            from anysound.timeline.picture import write_picture

            for notice in write_picture(self._maker.overview(), events, self._path):
                say(notice)
