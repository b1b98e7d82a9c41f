"""Write the reference of the HTTP API, from its own OpenAPI description.

    python -m tools.http_reference [--output docs]

Writes ``http.md`` and ``http.zh-CN.md``. A test compares them with the description.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anysound import Classifier
from anysound.language import Language, Text, use
from anysound.server.api.operations import CHINESE
from anysound.server.app import create_app
from anysound.server.options import ServerOptions
from tools.markdown import cell, write_where_asked

FILES: dict[Language, str] = {"en": "http.md", "zh": "http.zh-CN.md"}

_TITLE = Text(en="# Endpoints", zh="# HTTP 接口参考")
_BEGINNING = Text(
    en="What a server says of itself at `/openapi.json`. How to use it, and `WS /v1/listen`, which "
    "OpenAPI has no words for: [server.md](server.md).",
    zh="服务器在 `/openapi.json` 中对自己的描述。用法见[接口说明](server.zh-CN.md)；"
    "OpenAPI 无法描述的 `WS /v1/listen` 也在那里。",
)
_FIELDS = Text(en="| field | type | default | |", zh="| 字段 | 类型 | 默认值 | |")
_ANSWERS = Text(en="| answer | |", zh="| 返回 | |")
_NEEDED = Text(en="required", zh="必填")


def reference() -> str:
    """Return the reference in the current language."""
    schema = create_app(Classifier("bundled"), ServerOptions()).openapi()
    lines = [str(_TITLE), "", str(_BEGINNING)]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            lines += ["", f"## {method.upper()} {path}", "", *_described(operation, schema)]
    return "\n".join(lines) + "\n"


def _described(operation: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    for key in ("summary", "description"):
        if key in operation:
            yield f"{_said(operation[key]).rstrip('.。')}{Text(en='.', zh='。')}"
    fields = list(_fields(operation, schema))
    if fields:
        yield from ("", str(_FIELDS), "|---|---|---|---|", *fields)
    yield from ("", str(_ANSWERS), "|---|---|")
    for status, answer in operation["responses"].items():
        yield f"| {status} | {cell(_said(answer['description']))} |"


def _fields(operation: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    """Give a row for each parameter and each field of the body."""
    for each in operation.get("parameters", ()):
        yield _row(each["name"], each["schema"] | each, each.get("required", False))
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = _resolved(content["schema"], schema)
        for name, field in body["properties"].items():
            yield _row(name, field, name in body.get("required", ()))


def _row(name: str, field: dict[str, Any], is_needed: bool) -> str:
    default = field.get("default")
    shown = str(_NEEDED) if is_needed else "" if default is None else f"`{default}`"
    return f"| `{name}` | {_type(field)} | {shown} | {cell(_said(field.get('description', '')))} |"


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        kinds = [each for each in field["anyOf"] if each.get("type") != "null"]
        return " \\| ".join(map(_type, kinds))
    if field.get("contentMediaType") == "application/octet-stream":
        return "file"
    if field.get("type") == "array":
        return f"{_type(field['items'])} …"
    if "enum" in field:
        return " \\| ".join(f"`{each}`" for each in field["enum"])
    return str(field.get("type", "object"))


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = part.get("$ref", "").rpartition("/")[2]
    return dict(schema["components"]["schemas"][name]) if name else part


def _said(text: str) -> str:
    return str(Text(en=text, zh=CHINESE.get(text, text)))


def write(folder: Path) -> None:
    """Write both files."""
    for language, file in FILES.items():
        with use(language):
            (folder / file).write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    write_where_asked(__doc__, write, "docs")
