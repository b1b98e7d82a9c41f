"""``anysound labels``: see how labels are understood, and what could be written better."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from anysound.classifier import Classifier
from anysound.cli.loading import open_model, open_translator
from anysound.cli.terminal import (
    ModelOption,
    TranslatorOption,
    console,
    help_text,
    print_json,
    printable,
    say,
)
from anysound.labels import Label, read_labels
from anysound.language import Text
from anysound.models import ModelOptions

if TYPE_CHECKING:
    from anysound.labels.lint import Finding
    from anysound.labels.translation import Translator


LabelsArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="LABELS",
        help=help_text(
            "A line such as 'dog barking, rain', @FILE, or a label file.",
            "一行文字，例如“狗叫, 下雨”；也可以是 @文件或标签文件。",
        ),
    ),
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help=help_text("Print JSON.", "输出 JSON。"))
]

app = typer.Typer(
    no_args_is_help=True,
    help=help_text(
        "See how labels are understood, and what could be written better.",
        "查看标签如何被理解，以及怎样写得更好。",
    ),
)


@app.command(
    "check",
    help=help_text(
        "Say what could be written better, why, and how.\n\nExample: "
        'anysound labels check "abnormal, normal, HVAC noise"',
        "指出标签可以怎样写得更好，并说明原因。\n\n示例：anysound labels check "
        '"异常, 正常, HVAC 噪音"',
    ),
)
def check(labels: LabelsArgument, as_json: JsonOption = False, model: ModelOption = None) -> None:
    """Print findings, one after the other."""
    label_set = read_labels(labels)
    findings = Classifier(open_model(model, ModelOptions())).check_labels(label_set)
    if as_json:
        print_json([finding.to_dict() for finding in findings], indent=2)
        return
    if not findings:
        say(Text(en="Nothing to improve.", zh="没有需要改进的地方。"))
    out = console()
    for finding in findings:
        out.print(printable(_title(finding)), style="bold", soft_wrap=True)
        out.print(printable(f"  {finding.why}"), soft_wrap=True)
        if finding.rewrite:
            rewrite = Text(en=f"  Write: {finding.rewrite}", zh=f"  可改为：{finding.rewrite}")
            out.print(printable(str(rewrite)), style="green", soft_wrap=True)


@app.command(
    "translate",
    help=help_text(
        "Show the English that a model without Chinese is given.",
        "显示传给英文模型的英文说法。",
    ),
)
def translate(
    labels: LabelsArgument, as_json: JsonOption = False, translator: TranslatorOption = "lexicon"
) -> None:
    """Print the English of each label; exit 1 if words have none."""
    label_set = read_labels(labels)
    from anysound.labels.translation import LexiconTranslator  # takes time to import

    opened = open_translator(translator) or LexiconTranslator()
    entries = [_translated(label, opened) for label in label_set]
    if as_json:
        print_json(entries, indent=2)
    else:
        out = console()
        for entry in entries:
            out.print(printable(entry["label"]), style="bold", soft_wrap=True)
            for phrase in entry["phrases"]:
                out.print(printable(f"  {phrase}"), soft_wrap=True)
            for phrase in entry["avoid"]:
                out.print(printable(f"  ! {phrase}"), soft_wrap=True)
            if entry["unknown"]:
                words = "、".join(entry["unknown"])
                text = Text(en=f"  no English for: {words}", zh=f"  无法翻译：{words}")
                out.print(printable(str(text)), style="yellow", soft_wrap=True)
    if any(entry["unknown"] for entry in entries):
        raise typer.Exit(1)


def _translated(label: Label, translator: "Translator") -> dict[str, Any]:
    phrases = [translator.translate(phrase) for phrase in label.phrases]
    avoid = [translator.translate(phrase) for phrase in label.avoid]
    return {
        "label": label.name,
        "phrases": [english for each in phrases for english in each.phrases],
        "avoid": [english for each in avoid for english in each.phrases],
        "unknown": [word for each in (*phrases, *avoid) for word in each.unknown],
    }


def _title(finding: "Finding") -> str:
    names = Text(en=", ".join(finding.labels), zh="、".join(finding.labels))
    return str(
        Text(en=f"{names}: {finding.what}", zh=f"{names}：{finding.what}")
        if finding.labels
        else finding.what
    )
