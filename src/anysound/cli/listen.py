"""``anysound listen``: what is heard in a stream that goes on, and what is done about it."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anysound.audio.raw import RawFormat
from anysound.cli.event_options import (
    GapOption,
    HopOption,
    MarginOption,
    ScoreOption,
    WindowOption,
)
from anysound.cli.listen_options import (
    ChannelsOption,
    CooldownOption,
    EndsOption,
    FormatOption,
    HoldOption,
    InsecureOption,
    ListDevicesOption,
    MicrophoneOption,
    ModelDeviceOption,
    OnOption,
    RateOption,
    RecordOption,
    RunLimitOption,
    RunOption,
    SourceArgument,
    WebhookOption,
)
from anysound.cli.loading import Answering
from anysound.cli.terminal import (
    LabelsOption,
    ModelOption,
    PrecisionOption,
    ThresholdsOption,
    TranslatorOption,
    UntranslatedOption,
    help_text,
    say,
)
from anysound.errors import LabelError, UsageError
from anysound.labels import LabelSet, read_labels
from anysound.language import Text
from anysound.models import ModelOptions
from anysound.timeline import TimelineOptions

if TYPE_CHECKING:
    from anysound.cli.listen_report import ListenReport
    from anysound.live import Listening, LiveEvent
    from anysound.live.actions import Reaction

_DEFAULTS = TimelineOptions()


@dataclass(frozen=True)
class _Wanted:
    """What is to be done about events."""

    on: tuple[str, ...]
    run: tuple[str, ...]
    run_limit: float
    webhooks: tuple[str, ...]
    cooldown: float
    ends: bool
    record: Path | None
    margin: float


def listen(
    labels: LabelsOption,
    source: SourceArgument = None,
    insecure: InsecureOption = False,
    microphone: MicrophoneOption = None,
    list_devices: ListDevicesOption = False,
    rate: RateOption = None,
    channels: ChannelsOption = None,
    format_: FormatOption = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help=help_text(
                "Print one JSON object a line: at the start of an event, and at its end.",
                "事件开始和结束时各输出一行 JSON。",
            ),
        ),
    ] = False,
    on: OnOption = None,
    run: RunOption = None,
    run_limit: RunLimitOption = 30.0,
    webhook: WebhookOption = None,
    cooldown: CooldownOption = 0.0,
    ends: EndsOption = False,
    record: RecordOption = None,
    margin: MarginOption = 0.5,
    hold: HoldOption = 0.0,
    threshold: ScoreOption = _DEFAULTS.threshold,
    gap: GapOption = _DEFAULTS.gap,
    window: WindowOption = None,
    hop: HopOption = None,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    model_device: ModelDeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
    thresholds: ThresholdsOption = None,
) -> None:
    """Print each event when it begins and when it ends, until the stream ends or Ctrl-C."""
    from anysound.cli.listen_report import ListenReport
    from anysound.live import ListenOptions, open_source

    label_set = read_labels(labels)
    options = ListenOptions(TimelineOptions(window, hop, threshold, gap=gap), hold)
    raw = _raw_format(rate, channels, format_)
    opened = open_source(source, microphone, raw, insecure=insecure)
    wanted = _Wanted(
        tuple(on or ()),
        tuple(run or ()),
        run_limit,
        tuple(webhook or ()),
        cooldown,
        ends,
        record,
        margin,
    )
    settings = ModelOptions(precision, model_device)
    report = ListenReport(as_json=as_json)
    with ExitStack() as stack:
        doing = _Doing(wanted, label_set, report, stack)
        answering = Answering(model, settings, translator, untranslated, thresholds)
        classifier = answering.classifier()
        listening = classifier.listen(
            opened, label_set, options, report.show, report.notice, doing.on_sound
        )
        stack.enter_context(report.following(listening))
        stack.enter_context(_stopped_by_signals(listening))
        for event in listening:
            report.add(event)
            doing.tell(event)
    report.end(listening, doing.clips)
    if classifier.model.info.hint:
        say(classifier.model.info.hint)


class _Doing:
    """All that is done about events, besides printing them."""

    def __init__(
        self, wanted: _Wanted, labels: LabelSet, report: "ListenReport", stack: ExitStack
    ) -> None:
        from anysound.live.actions import Actions
        from anysound.live.recorder import Recorder

        reactions = _reactions(wanted, [label.name for label in labels], report)
        self._actions = stack.enter_context(Actions(reactions, wanted.cooldown, ends=wanted.ends))
        self._recorder: Recorder | None = None
        if wanted.record:
            self._recorder = Recorder(wanted.record, report.notice, wanted.margin)
            stack.callback(self._recorder.close)
        self.on_sound = self._recorder.add if self._recorder else None

    def tell(self, event: "LiveEvent") -> None:
        """Have done about an event what there is to do; returns at once."""
        self._actions.tell(event)
        if self._recorder:
            self._recorder.tell(event)

    @property
    def clips(self) -> tuple[Path, int] | None:
        """Where the sound of events is, and of how many."""
        return (self._recorder.folder, self._recorder.count) if self._recorder else None


def _reactions(wanted: _Wanted, names: Sequence[str], report: "ListenReport") -> "list[Reaction]":
    """Make what is to be done about which labels."""
    from anysound.live.actions import CommandAction, Reaction, WebhookAction

    for name in wanted.on:
        if name not in names:
            raise _no_label(name, names)
    if wanted.on and not (wanted.run or wanted.webhooks):
        raise _nothing_to_do()
    everything = frozenset(wanted.on) if wanted.on else None
    pairs: list[tuple[frozenset[str] | None, str]]
    if len(wanted.run) == len(wanted.on):
        pairs = [
            (frozenset([name]), line) for name, line in zip(wanted.on, wanted.run, strict=True)
        ]
    elif len(wanted.run) > 1 and wanted.on:
        raise _unpaired(len(wanted.on), len(wanted.run))
    else:
        pairs = [(everything, line) for line in wanted.run]
    reactions = [
        Reaction(CommandAction(line, report.notice, wanted.run_limit), labels)
        for labels, line in pairs
    ]
    reactions += [
        Reaction(WebhookAction(url, report.notice), everything) for url in wanted.webhooks
    ]
    return reactions


def _raw_format(rate: int | None, channels: int | None, format_: str | None) -> RawFormat | None:
    if rate is not None:
        return RawFormat(rate, 1 if channels is None else channels, format_ or "s16le")
    if channels is not None or format_ is not None:
        raise UsageError(
            Text(
                en="--channels and --format say how raw samples lie: give their --rate too.",
                zh="--channels 和 --format 用于说明裸采样数据：请同时给出采样率 --rate。",
            )
        )
    return None


@contextmanager
def _stopped_by_signals(listening: "Listening") -> Iterator[None]:
    """Let Ctrl-C, or whoever stops a service, end the listening well; a second one ends it now."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)

    def stop(*_: object) -> None:
        restore()
        listening.stop()

    for each in before:
        signal.signal(each, stop)
    try:
        yield
    finally:
        restore()


def _no_label(name: str, names: Sequence[str]) -> LabelError:
    return LabelError(
        Text(
            en=f"--on {name}: this is none of the labels: {', '.join(names)}.",
            zh=f"--on {name}：标签中没有它。标签有：{'、'.join(names)}。",
        )
    )


def _nothing_to_do() -> UsageError:
    return UsageError(
        Text(
            en="--on says for which labels something is done: give --run or --webhook too.",
            zh="--on 用于指定对哪些标签采取动作：请同时给出 --run 或 --webhook。",
        )
    )


def _unpaired(labels: int, commands: int) -> UsageError:
    return UsageError(
        Text(
            en=f"There are {labels} --on and {commands} --run: give one command for all of them, "
            "or one for each.",
            zh=f"--on 有 {labels} 个，--run 有 {commands} 个：请只给一个命令，或每个标签各给一个。",
        )
    )
