"""The description of the API, and a page that shows it without loading anything."""

from html import escape
from typing import Any

from anysound.language import Text
from anysound.server.api.operations import CHINESE

_TITLE = Text(en="The anysound API", zh="anysound 接口")
_MACHINE = Text(en="For programs:", zh="供程序读取：")
_LIVE = Text(
    en='Listens while it sounds. Send {"labels": …, "rate": 48000, "format": "pcm_s16le"}, then '
    'the samples as binary messages, then {"kind": "end"}; JSON messages of the kinds ready, '
    "moment, event, notice, problem and end come back.",
    zh='实时监听。先发送 {"labels": …, "rate": 48000, "format": "pcm_s16le"}，再以二进制消息'
    '发送采样数据，最后发送 {"kind": "end"}；返回的 JSON 消息有 ready、moment、event、'
    "notice、problem、end 几种。",
)
_TRY = Text(en="Try it", zh="示例")
_ANSWERS = Text(en="Answers", zh="返回")
_CURL = """\
curl -F file=@kitchen.m4a -F 'labels=狗叫声, 猫叫声' {0}v1/classify
curl -N -F file=@street.mp3 -F 'labels=car horn, 狗叫声' {0}v1/timeline
curl -F file=@a.wav -F file=@b.wav {0}v1/embed/audio
curl --json '{{"texts": ["a dog barks", "狗叫声"]}}' {0}v1/embed/text
curl {0}v1/models
curl -F 'labels=HVAC noise, 狗叫声, 异常' {0}v1/labels/check"""
_STYLE = """
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:46rem;
margin:2rem auto;padding:0 1rem;color:#1e293b;background:#fff}
a{color:#0f766e}h2{font-size:1.1rem;margin-top:2rem}code,pre{font-family:ui-monospace,monospace}
pre{background:#f1f5f9;padding:.75rem 1rem;border-radius:.5rem;overflow:auto;font-size:.85rem}
@media(prefers-color-scheme:dark){body{color:#e2e8f0;background:#0f172a}a{color:#5eead4}
pre{background:#1e293b}}
"""


def docs_page(schema: dict[str, Any], address: str) -> str:
    """Show an OpenAPI schema as a page, in the current language.

    Args:
        schema: What the API offers.
        address: The server's own, ending in a slash.
    """
    operations = "".join(
        _operation(method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    )
    return (
        f'<!doctype html><html lang="{Text(en="en", zh="zh-CN")}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{_TITLE}</title>'
        f"<style>{_STYLE}</style><h1>{_TITLE}</h1>"
        f'<p>{_MACHINE} <a href="openapi.json">openapi.json</a></p>{operations}'
        f"<h2><code>WS /v1/listen</code></h2><p>{_LIVE}</p>"
        f"<h2>{_TRY}</h2><pre>{escape(_CURL.format(address))}</pre></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    answers = "".join(
        f"<li><b>{status}</b> {_words(answer['description'])}</li>"
        for status, answer in operation["responses"].items()
    )
    said = "<br>".join(
        _words(operation[key]) for key in ("summary", "description") if key in operation
    )
    return (
        f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
        f"<p>{said}</p><p>{_ANSWERS}</p><ul>{answers}</ul>"
    )


def _words(text: str) -> str:
    return escape(str(Text(en=text, zh=CHINESE.get(text, text))))
