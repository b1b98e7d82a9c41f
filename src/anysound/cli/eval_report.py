"""The report of ``anysound eval`` for people."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from anysound.cli.terminal import console, printable, say
from anysound.evaluation import (
    Evaluation,
    Fit,
    Share,
    Suggestion,
    WordingReport,
    confusions,
)
from anysound.language import Text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_LABELS_SHOWN = 20
_CONFUSIONS_SHOWN = 5
_MAY_BE_CHANCE = 0.05


def print_report(evaluation: Evaluation) -> None:
    """Print the wordings side by side, each one's labels, and what else was asked for."""
    out = console()
    out.print(printable(str(_counts(evaluation))), soft_wrap=True)
    out.print()
    if len(evaluation.reports) > 1:
        for number, report in enumerate(evaluation.reports, start=1):
            out.print(f"{number}  {printable(report.wording.name)}", soft_wrap=True)
        out.print()
    out.print(_overview(evaluation.reports))
    for line in _comparisons(evaluation):
        out.print(printable(str(line)), soft_wrap=True)
    for number, report in enumerate(evaluation.reports, start=1):
        out.print()
        _print_labels(out, report, number if len(evaluation.reports) > 1 else None)
    if evaluation.suggestion:
        _print_suggestion(out, evaluation.suggestion)
    if evaluation.fit:
        _print_fit(out, evaluation.fit)
    for note in _notes(evaluation):
        say(note)


def _counts(evaluation: Evaluation) -> Text:
    total, failed = len(evaluation.asked), len(evaluation.failed)
    labelled = evaluation.reports[0].accuracy.total
    others = total - failed - labelled
    model = f"{evaluation.model.id} ({evaluation.model.revision}, {evaluation.model.precision})"
    return Text(
        en=f"{total} recordings: {labelled} with a label, {others} with none of them, "
        f"{failed} failed. Model: {model}",
        zh=f"录音 {total} 段：有标签 {labelled} 段，不属于任何标签 {others} 段，失败 {failed} 段。"
        f"模型：{model}",
    )


def _overview(reports: Sequence[WordingReport]) -> "Table":
    table = _table()
    table.add_column("", overflow="fold")
    for number in range(1, len(reports) + 1):
        table.add_column(str(number) if len(reports) > 1 else "", justify="right", no_wrap=True)
    rows: list[tuple[Text, list[str]]] = [
        (
            Text(en="first label right (95 % interval)", zh="首位标签正确（95 % 区间）"),
            [_with_interval(each.accuracy) for each in reports],
        ),
        (
            Text(en="mean recall of the labels", zh="各标签召回率的平均"),
            [_percent(each.mean_recall) for each in reports],
        ),
        (
            Text(en="expected calibration error", zh="期望校准误差"),
            [_number(each.calibration_error) for each in reports],
        ),
        (
            Text(en="matches that are right", zh="判定“符合”时正确"),
            [_of(each.verdicts.match_right) for each in reports],
        ),
        (
            Text(en="called ambiguous", zh="判为“难以区分”"),
            [_of(each.verdicts.ambiguous) for each in reports],
        ),
        (
            Text(en="wrongly called none", zh="误判为“均不吻合”"),
            [_of(each.verdicts.wrongly_none) for each in reports],
        ),
    ]
    if any(each.verdicts.rightly_none.total for each in reports):
        rows.append(
            (
                Text(en="rightly called none", zh="正确判为“均不吻合”"),
                [_of(each.verdicts.rightly_none) for each in reports],
            )
        )
    for name, cells in rows:
        table.add_row(str(name), *cells)
    return table


def _comparisons(evaluation: Evaluation) -> Iterator[Text]:
    for number, each in enumerate(evaluation.comparisons, start=2):
        yield Text(
            en=f"1 against {number}: {each.only_first} recordings right with 1 only, "
            f"{each.only_second} with {number} only (McNemar's exact p = {each.p_value:.2g})",
            zh=f"1 与 {number}：只有 1 答对 {each.only_first} 段，只有 {number} 答对 "
            f"{each.only_second} 段（McNemar 精确检验 p = {each.p_value:.2g}）",
        )
    if len(evaluation.comparisons) > 1:
        yield Text(
            en="The best of several wordings looks a little better on these recordings than it "
            "will on others.",
            zh="从多个措辞中选出的最好者，在这些录音上的数字会比在别的录音上略高。",
        )


def _print_labels(out: "Console", report: WordingReport, number: int | None) -> None:
    if number is not None:
        out.print(f"{number}  {printable(report.wording.name)}", style="bold", soft_wrap=True)
    table = _table()
    table.add_column(str(Text(en="label", zh="标签")), overflow="fold")
    for heading in (
        Text(en="precision", zh="精确率"),
        Text(en="recall", zh="召回率"),
        Text(en="F1", zh="F1"),
        Text(en="recordings", zh="录音数"),
    ):
        table.add_column(str(heading), justify="right", no_wrap=True)
    for each in report.labels[:_LABELS_SHOWN]:
        cells = (_percent(each.precision), _percent(each.recall), _percent(each.f1))
        name = printable(each.label).replace("\n", " ")
        table.add_row(name, *cells, str(each.support), style="" if each.support else "dim")
    more = len(report.labels) - _LABELS_SHOWN
    if more > 0:
        rest = Text(en=f"{more} more; --json shows all", zh=f"还有 {more} 个；--json 显示全部")
        table.add_row(str(rest))
    out.print(table)
    for true, first, count in confusions(report, _CONFUSIONS_SHOWN):
        text = Text(
            en=f"{count}x {true} taken for {first}", zh=f"{count} 次把“{true}”认成“{first}”"
        )
        out.print(printable(str(text)), style="dim", soft_wrap=True)


def _print_suggestion(out: "Console", found: Suggestion) -> None:
    out.print()
    for line in _suggestion_lines(found):
        out.print(printable(str(line)), soft_wrap=True)
    if found.is_better:
        out.print()
        out.print(printable(_pasted(found)), style="bold", soft_wrap=True)


def _suggestion_lines(found: Suggestion) -> Iterator[Text]:
    if found.too_few:
        listed = ", ".join(found.too_few)
        yield Text(
            en=f"Fewer than 4 recordings, so left as they are: {listed}",
            zh=f"录音不足 4 段，保持原样：{listed}",
        )
    if not found.folds:
        yield Text(
            en="Nothing is proposed: no label has the 4 recordings that it takes.",
            zh="不作推荐：没有一个标签达到所需的 4 段录音。",
        )
        return
    yield Text(
        en=f"{found.tried} wordings tried, {found.folds}-fold cross-validation: on recordings that "
        f"they were not chosen on, chosen wordings get {_with_interval(found.held_out)} right, "
        f"yours {_with_interval(found.written)}; {found.gained} gained, {found.lost} lost "
        f"(p = {found.p_value:.2g}).",
        zh=f"试了 {found.tried} 种说法，{found.folds} 折交叉验证：在没有参与挑选的录音上，"
        f"选出的说法答对 {_with_interval(found.held_out)}，"
        f"原来的说法答对 {_with_interval(found.written)}；"
        f"多对 {found.gained} 段，多错 {found.lost} 段（p = {found.p_value:.2g}）。",
    )
    if found.is_better and found.p_value > _MAY_BE_CHANCE:
        yield Text(
            en="So small a difference may be chance: more recordings would tell.",
            zh="这么小的差别可能只是偶然，增加录音才能确定。",
        )
    if found.is_better:
        yield Text(
            en="Proposed, chosen on all recordings (no figure is known for exactly this choice):",
            zh="推荐如下（用全部录音选出，因此这一选择本身没有可信的数字）：",
        )
    else:
        yield Text(
            en="No paraphrase did better on recordings it was not chosen on: keep your wording.",
            zh="没有哪种说法在未参与挑选的录音上更好：请保留原来的措辞。",
        )


def _pasted(found: Suggestion) -> str:
    """Return the line to paste, or what suggested.json in the report's folder says."""
    lines = (f"{label.name} = {' | '.join(label.phrases)}" for label in found.proposed)
    return found.line or "\n".join(lines)


def _print_fit(out: "Console", fit: Fit) -> None:
    out.print()
    values = fit.thresholds
    text = Text(
        en=f"Thresholds: none below {values.none_below:g}, ambiguous within "
        f"{values.ambiguous_within:g}. What such thresholds do to recordings left out of the fit "
        f"({fit.folds} folds), beside the model's own:",
        zh=f"阈值：相似度低于 {values.none_below:g} 判为“均不吻合”，差距小于 "
        f"{values.ambiguous_within:g} 判为“难以区分”。这样的阈值在未参与拟合的录音上的效果"
        f"（{fit.folds} 折），与模型自带阈值对比：",
    )
    out.print(str(text), soft_wrap=True)
    table = _table()
    table.add_column("")
    table.add_column(str(Text(en="fitted", zh="拟合")), justify="right", no_wrap=True)
    table.add_column(str(Text(en="model's own", zh="模型自带")), justify="right", no_wrap=True)
    fitted, own = fit.held_out, fit.model_own
    rows = (
        (
            Text(en="wrongly called none", zh="误判为“均不吻合”"),
            fitted.wrongly_none,
            own.wrongly_none,
        ),
        (
            Text(
                en="rightly called none (no true label in the set)",
                zh="正确判为“均不吻合”（标签中没有真实标签时）",
            ),
            fitted.rightly_none,
            own.rightly_none,
        ),
        (Text(en="called ambiguous", zh="判为“难以区分”"), fitted.ambiguous, own.ambiguous),
        (
            Text(en="matches that are right", zh="判定“符合”时正确"),
            fitted.match_right,
            own.match_right,
        ),
    )
    for name, first, second in rows:
        table.add_row(str(name), _of(first), _of(second))
    out.print(table)


def _notes(evaluation: Evaluation) -> Iterator[Text]:
    repeated, warned = evaluation.table.repeated, evaluation.warned
    if repeated:
        yield Text(
            en=f"Lines of the table that repeat others, counted once: {repeated}",
            zh=f"表格中重复的行只计一次：{repeated} 行",
        )
    if warned:
        yield Text(
            en=f"{warned} were answered with warnings; `anysound classify` shows them.",
            zh=f"{warned} 段录音有警告；可用 `anysound classify` 查看。",
        )


def _table() -> "Table":
    from rich.table import Table

    return Table(box=None, pad_edge=False, header_style="dim")


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _of(share: Share) -> str:
    return f"{_percent(share.value)} ({share.count}/{share.total})" if share.total else "-"


def _with_interval(share: Share) -> str:
    if share.interval is None:
        return "-"
    low, high = share.interval
    return f"{_percent(share.value)} ({100 * low:.0f}-{high:.0%})"
