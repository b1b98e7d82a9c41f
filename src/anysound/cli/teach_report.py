"""What ``anysound teach`` tells a person."""

from typing import TYPE_CHECKING

from anysound.cli.terminal import console, printable, say
from anysound.evaluation import Share
from anysound.language import Text
from anysound.teaching import HeldOut, Teaching

if TYPE_CHECKING:
    from rich.table import Table

_FAILED_SHOWN = 20


def print_teaching(teaching: Teaching) -> None:
    """Print how well the labels do on recordings that were left out, and what to look at."""
    out = console()
    out.print(printable(str(_counts(teaching))), soft_wrap=True)
    if teaching.held_out:
        out.print()
        out.print(printable(str(_explained(teaching.held_out))), soft_wrap=True)
        out.print(_overview(teaching.held_out))
        out.print()
        out.print(_labels(teaching))
    out.print(printable(str(_conclusion(teaching))), soft_wrap=True)
    for note in (*teaching.notes, *teaching.warnings):
        say(note)
    for failed in teaching.failed[:_FAILED_SHOWN]:
        say(Text(en=f"Left out: {failed.en}", zh=f"未使用：{failed.zh}"))
    more = len(teaching.failed) - _FAILED_SHOWN
    if more > 0:
        say(
            Text(
                en=f"{more} more were left out; --json says why.",
                zh=f"还有 {more} 段未使用；原因见 --json。",
            )
        )


def _counts(teaching: Teaching) -> Text:
    recordings = sum(each.recordings for each in teaching.by_label)
    model = f"{teaching.model.id} ({teaching.model.revision}, {teaching.model.precision})"
    return Text(
        en=f"{recordings} recordings of {len(teaching.by_label)} labels, {teaching.background} of "
        f"background. Model: {model}",
        zh=f"{len(teaching.by_label)} 个标签的录音共 {recordings} 段，"
        f"背景声音 {teaching.background} 段。模型：{model}",
    )


def _explained(held_out: HeldOut) -> Text:
    return Text(
        en=f"On recordings that were left out of the teaching ({held_out.folds}-fold, by "
        "recording, 95 % intervals):",
        zh=f"用没有参与学习的录音检验（按录音分成 {held_out.folds} 份轮流留出，95 % 区间）：",
    )


def _overview(held_out: HeldOut) -> "Table":
    table = _table("", str(Text(en="phrases alone", zh="只用短语")), _with_examples())
    table.add_row(
        str(Text(en="first label right", zh="首位标签正确")),
        _with_interval(held_out.alone),
        _with_interval(held_out.taught),
    )
    if held_out.background_taught.total:
        table.add_row(
            str(Text(en="background called none", zh="背景声音判为“均不吻合”")),
            _with_interval(held_out.background_alone),
            _with_interval(held_out.background_taught),
        )
    return table


def _labels(teaching: Teaching) -> "Table":
    table = _table(
        str(Text(en="label", zh="标签")),
        str(Text(en="recordings", zh="录音")),
        str(Text(en="phrases alone", zh="只用短语")),
        _with_examples(),
    )
    for each in teaching.by_label:
        cells = [_of(each.alone), _of(each.taught)]
        table.add_row(printable(each.name), str(each.recordings), *cells)
    return table


def _conclusion(teaching: Teaching) -> Text:
    held_out = teaching.held_out
    if held_out is None:
        return Text(
            en="No label has two recordings, so nothing could be left out to check what was "
            "learnt; the examples change little therefore. Give two or more, better five, a label.",
            zh="没有标签有两段以上录音，无法留出录音来检验，因此示例只起很小的作用。"
            "请给每个标签至少两段录音，最好五段。",
        )
    if not teaching.helped:
        return Text(
            en="The examples didn't help: the labels are written with phrases alone.",
            zh="示例没有帮助：写出的标签只有短语。",
        )
    chance = f"{held_out.p_value:.2g}"
    return Text(
        en=f"{held_out.gained} recordings are right with examples only, {held_out.lost} with "
        f"phrases only (McNemar's exact p = {chance}).",
        zh=f"只有加上示例才答对的录音 {held_out.gained} 段，只用短语才答对的 {held_out.lost} 段"
        f"（McNemar 精确检验 p = {chance}）。",
    )


def _with_examples() -> str:
    return str(Text(en="with examples", zh="加上示例"))


def _table(*columns: str) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, name in enumerate(columns):
        table.add_column(
            name, justify="right" if number else "left", no_wrap=bool(number), overflow="fold"
        )
    return table


def _of(share: Share) -> str:
    return f"{share.count} / {share.total}" if share.total else "–"


def _with_interval(share: Share) -> str:
    if share.interval is None or share.value is None:
        return "–"
    low, high = share.interval
    return f"{_of(share)} = {share.value:.0%} ({low:.0%}-{high:.0%})"
