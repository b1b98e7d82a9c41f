"""The description of the API, and a page that shows it without loading anything."""

from html import escape
from typing import Any

from anysound.language import Text

_ANSWER = {
    "recording": "kitchen.m4a",
    "duration": 12.31,
    "model": "bundled",
    "revision": "…",
    "precision": "fp32",
    "verdict": "match",
    "label": "微波炉叮声(最后 1 秒)",
    "probability": 0.92,
    "margin": 0.87,
    "needed": 0.24,
    "scores": [
        {
            "label": "微波炉叮声(最后 1 秒)",
            "probability": 0.92,
            "similarity": 0.41,
            "phrases": ["microwave oven bell"],
            "span": [11.31, 12.31],
            "avoided": [],
        }
    ],
    "groups": [],
    "clear_group": None,
    "advice": None,
    "analysed": [[0.0, 12.31]],
    "telling": None,
    "warnings": [],
    "hint": None,
}
_CHECKED = {
    "labels": [
        {
            "name": "HVAC noise",
            "phrases": ["HVAC noise"],
            "avoid": [],
            "weight": 1.0,
            "when": None,
            "group": None,
            "qualifiers": [],
            "spans": [[0, 10]],
            "heard_as": None,
        }
    ],
    "findings": [
        {
            "kind": "abbreviation",
            "labels": ["HVAC noise"],
            "what": "HVAC is an abbreviation",
            "why": "Models learnt from descriptions of sounds, in which it hardly stands. "
            "Write what is heard.",
            "rewrite": "low rumble of an air conditioning system in its ducts",
            "edits": [
                {
                    "start": 0,
                    "end": 10,
                    "text": "low rumble of an air conditioning system in its ducts",
                }
            ],
        }
    ],
}
_PROBLEM = {
    "type": "urn:anysound:problem:unreadable-recording",
    "title": "This recording can't be read",
    "status": 422,
    "detail": "kitchen.m4a: the file is empty. Copy or record it again.",
}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"example": _PROBLEM}},
    }


CLASSIFY: dict[str, Any] = {
    "summary": "Say which of the labels a recording holds",
    "description": "Messages come in the language of Accept-Language, English or Chinese. "
    "A score's span is where its label was looked for, null for everywhere; its similarity is null "
    "if nothing could be heard there.",
    "responses": {
        200: {"description": "The answer", "content": {"application/json": {"example": _ANSWER}}},
        413: _problem("The recording is too large"),
        422: _problem("The labels or the recording can't be understood, or a field is missing"),
    },
}
LABELS_CHECK: dict[str, Any] = {
    "summary": "Say what could be written better about labels, and how",
    "description": "A finding's edits put its rewrite into the line that was sent: make all of "
    "them, the last first. Positions count Unicode characters from 0; an end is behind the last. "
    "A label's spans are where it stands in the line; heard_as is its English, if the model reads "
    "no Chinese and the label is. The first check takes a little longer.",
    "responses": {
        200: {
            "description": "The labels as they are understood, and findings; none is good",
            "content": {"application/json": {"example": _CHECKED}},
        },
        422: _problem("The labels can't be understood, or are missing"),
    },
}
HEALTH: dict[str, Any] = {"summary": "Say that the server is alive, and which model answers"}

_ZH = {
    CLASSIFY["summary"]: "判断录音属于哪个标签",
    CLASSIFY["description"]: (
        "提示信息的语言取决于 Accept-Language（中文或英文）。span 是标签的识别时段，"
        "null 表示整段录音；该时段内没有声音时 similarity 为 null。"
    ),
    LABELS_CHECK["summary"]: "检查标签是否可以写得更好，以及怎样改",
    LABELS_CHECK["description"]: (
        "edits 是把建议写法（rewrite）填入所发文本的修改，请从后往前全部执行。位置按 Unicode "
        "字符从 0 数起，end 指最后一个字符之后。spans 是标签在文本中的位置；模型不懂中文时，"
        "heard_as 是中文标签对应的英文。第一次检查会稍慢一些。"
    ),
    "The labels as they are understood, and findings; none is good": (
        "标签的解析结果和建议；没有建议表示写得很好"
    ),
    "The labels can't be understood, or are missing": "标签有误，或缺少标签",
    HEALTH["summary"]: "检查服务是否正常，以及所用的模型",
    "Say whether the model answers": "检查模型是否就绪",
    "It doesn't yet": "尚未就绪",
    "Give figures for Prometheus": "供 Prometheus 采集的指标",
    "Figures": "指标",
    "The answer": "识别结果",
    "The recording is too large": "录音文件过大",
    "The labels or the recording can't be understood, or a field is missing": (
        "标签有误、录音无法读取，或缺少字段"
    ),
    "Successful Response": "成功",
}

_TITLE = Text(en="The anysound API", zh="anysound 接口")
_MACHINE = Text(en="For programs:", zh="供程序读取：")
_TRY = Text(en="Try it", zh="示例")
_ANSWERS = Text(en="Answers", zh="返回")
_CURL = """\
curl -F file=@kitchen.m4a -F 'labels=狗叫声, 猫叫声' {0}v1/classify
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
    return escape(str(Text(en=text, zh=_ZH.get(text, text))))
