"""Taught labels into a label file that a person can read and edit."""

import json
from pathlib import Path
from typing import Any

from anysound.errors import LabelError, UsageError
from anysound.labels import Label, LabelSet, read_labels
from anysound.language import Text
from anysound.models import ModelInfo
from anysound.writing import WholeFile

_SUFFIXES = (".yaml", ".yml", ".json")


def check_output(output: Path) -> None:
    """Make sure that a label file can be there, before the work that is to fill it.

    Raises:
        UsageError: Its name is that of no label file.
        OutputError: It can't be written there.
    """
    if output.suffix.lower() not in _SUFFIXES:
        raise UsageError(
            Text(
                en=f"{output}: taught labels are a YAML or JSON file, whose name ends in .yaml or "
                ".json.",
                zh=f"{output}：学到的标签保存为 YAML 或 JSON 文件，"
                "文件名应以 .yaml 或 .json 结尾。",
            )
        )
    WholeFile(output).discard()


def write_labels(output: Path, labels: LabelSet, model: ModelInfo) -> None:
    """Write labels as a label file; whole or not at all.

    Args:
        output: Ends in ``.yaml``, ``.yml`` or ``.json``.
        labels: What to write.
        model: What their examples were heard by.

    Raises:
        OutputError: It can't be written there.
    """
    text = label_text(labels, model, output.suffix.lower())
    with WholeFile(output) as whole, whole.reporting():
        whole.file.write(text.encode("utf-8", "backslashreplace"))


def label_text(labels: LabelSet, model: ModelInfo, suffix: str = ".yaml") -> str:
    """Return the text of a label file, which ``anysound.labels.read_label_text`` reads.

    Args:
        labels: What is in it.
        model: What their examples were heard by.
        suffix: ``.json``, or that of a YAML file.
    """
    content = {"labels": entries(labels)}
    if suffix == ".json":
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    is_taught = any("examples" in entry for entry in content["labels"])
    return (_comment(model) if is_taught else "") + as_yaml(content)


def entries(labels: LabelSet) -> list[dict[str, Any]]:
    """Return labels without what goes without saying, if they read back the same."""
    short = [_short(label) for label in labels]
    try:
        if read_labels(short) == labels:
            return short
    except LabelError:  # a name that says more in a file than it did where it came from
        pass
    return [label.to_dict() for label in labels]


def _short(label: Label) -> dict[str, Any]:
    full = label.to_dict()
    entry = {"name": label.name, "phrases": full["phrases"]}
    if label.avoid:
        entry["avoid"] = full["avoid"]
    if label.weight != 1.0:
        entry["weight"] = label.weight
    if label.examples:
        entry["examples"] = full["examples"]
    return entry


def as_yaml(content: dict[str, Any]) -> str:
    """Return what is in a label file as YAML; long lines stay whole."""
    import yaml  # takes time to import

    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10**6)


def _comment(model: ModelInfo) -> str:
    return (
        f"# Labels for anysound, taught by examples for the model {model.id} ({model.revision}).\n"
        "# Phrases, weights and phrases to avoid may be edited, and labels deleted; teach again\n"
        "# for another model or other sounds. What was learnt is in 'learnt', in base64.\n"
        "# anysound 的标签，已用示例教过，只适用于上述模型。短语、权重、要排除的短语都可以修改，\n"
        "# 也可以删去标签；更换模型或声音后请重新教。学到的内容在 learnt 中（base64）。\n"
    )
