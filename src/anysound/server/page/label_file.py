"""The page's labels as a file; without Gradio, which the routes need not wait for."""

from anysound.labels import read_label_text
from anysound.teaching.label_file import entries


def label_yaml(text: str) -> str:
    """Return labels as a label file in YAML.

    Raises:
        LabelError: They can't be understood.
    """
    import yaml  # takes time to import

    content = {"labels": entries(read_label_text(text))}
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10**6)
