"""The page's labels as a file; without Gradio, which the routes need not wait for."""

from anysound.labels import read_label_text
from anysound.teaching.label_file import as_yaml, entries


def label_yaml(text: str) -> str:
    """Return labels as a label file in YAML.

    Raises:
        LabelError: They can't be understood.
    """
    return as_yaml({"labels": entries(read_label_text(text))})
