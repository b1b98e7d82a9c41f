"""``anysound eval``: how well do wordings do on recordings whose labels are known?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anysound.cli.loading import open_model
from anysound.cli.terminal import (
    DeviceOption,
    HearersOption,
    ModelOption,
    PrecisionOption,
    ReportOption,
    complain,
    counting,
    help_text,
    print_json,
    say,
)
from anysound.language import Text

if TYPE_CHECKING:
    from anysound.evaluation import Evaluation

_FAILURES_SHOWN = 10


def evaluate_wordings(
    table: Annotated[
        Path,
        typer.Argument(
            metavar="TABLE.csv",
            help=help_text(
                "A table with the columns recording,label; paths count from its folder. A "
                "recording that holds none of the labels has an empty label, or none.",
                "含“录音,标签”两列的表格，路径相对于表格所在的文件夹。"
                "不属于任何标签的录音，标签留空或写“无”。",
            ),
        ),
    ],
    labels: Annotated[
        list[str],
        typer.Option(
            "--labels",
            "-l",
            metavar="LABELS",
            help=help_text(
                "A line of labels, @FILE, or a label file; give several to compare them.",
                "一行标签、@文件或标签文件；写多个即可互相比较。",
            ),
        ),
    ],
    template: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SENTENCE",
            help=help_text(
                "Compare with this sentence around each phrase in place of the model's own, such "
                "as 'a recording of {}'; with --suggest, try it.",
                "比较把短语放进这个句子（例如“{}的录音”）的效果，代替模型自带的句式；"
                "与 --suggest 同用时作为备选。",
            ),
        ),
    ] = None,
    mapped: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="TRUE=NAME",
            help=help_text(
                "What a true label of the table is called in the label set.",
                "表格中的真实标签在标签集里叫什么。",
            ),
        ),
    ] = None,
    suggest: Annotated[
        bool,
        typer.Option(
            "--suggest",
            help=help_text(
                "Try paraphrases and propose the best, measured on recordings they were not "
                "chosen on.",
                "尝试其他说法并推荐最好的；效果用没有参与挑选的录音来测量。",
            ),
        ),
    ] = False,
    fit_thresholds: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.yaml",
            help=help_text(
                "Fit the thresholds of the verdicts none and ambiguous, and write them here.",
                "拟合“均不吻合”和“难以区分”的判定阈值，并写入此文件。",
            ),
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help=help_text(
                "Write report.json, predictions.csv, and pictures of the confusion matrix and the "
                "calibration.",
                "写入 report.json、predictions.csv，以及混淆矩阵图和校准曲线图。",
            ),
        ),
    ] = None,
    as_json: ReportOption = False,
    workers: HearersOption = None,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
) -> None:
    """Print the report; exit 1 if a recording failed or a part could not be made."""
    from anysound.classifier import Classifier
    from anysound.evaluation import EvaluationOptions, check_folder, evaluate, plan, write_report
    from anysound.labels.lexicon import synonyms
    from anysound.models import ModelOptions
    from anysound.scoring.thresholds import check_place, write_thresholds

    options = EvaluationOptions(
        table=table,
        labels=tuple(labels),
        templates=tuple(template or ()),
        mapped=tuple(mapped or ()),
        suggest=suggest,
        fit=fit_thresholds is not None,
        synonyms=synonyms,
        workers=workers,
    )
    if output:
        check_folder(output)
    if fit_thresholds:
        check_place(fit_thresholds)
    planned = plan(options)  # before the model, which may have to be downloaded
    # One thread a recording: the workers keep the cores busy.
    classifier = Classifier(open_model(model, ModelOptions(precision, device)))
    with counting() as progress:
        task = progress.add_task("", total=None)
        evaluation = evaluate(
            classifier,
            planned,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    _print(evaluation, as_json)
    is_whole = not evaluation.failed and not evaluation.unfitted
    if output:
        missing = write_report(output, evaluation)
        say(Text(en=f"Written: {output}", zh=f"已写入：{output}"))
        if missing:
            complain(missing)
            is_whole = False
    if fit_thresholds and evaluation.fit:
        write_thresholds(fit_thresholds, evaluation.fit.thresholds)
        say(Text(en=f"Written: {fit_thresholds}", zh=f"已写入：{fit_thresholds}"))
    if not is_whole:
        raise typer.Exit(1)


def _print(evaluation: "Evaluation", as_json: bool) -> None:
    if as_json:
        print_json(evaluation.to_dict())
    else:
        from anysound.cli.eval_report import print_report

        print_report(evaluation)
    for each in evaluation.failed[:_FAILURES_SHOWN]:
        if each.error:
            say(Text(en=f"Failed: {each.error.en}", zh=f"失败：{each.error.zh}"))
    more = len(evaluation.failed) - _FAILURES_SHOWN
    if more > 0:
        say(
            Text(
                en=f"{more} more failed; --json and predictions.csv say why.",
                zh=f"还有 {more} 段失败；原因见 --json 或 predictions.csv。",
            )
        )
    if evaluation.unfitted:
        say(evaluation.unfitted)
    if evaluation.model.hint and not as_json:
        say(evaluation.model.hint)
