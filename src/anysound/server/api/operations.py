"""What each endpoint is for, with examples, and the same in Chinese."""

import json
from typing import Any

from anysound.server.api import answers

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


def _example(description: str, example: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"example": example}},
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
    "response_model": answers.ClassifyAnswer,
    "responses": {
        200: _example("The answer", _ANSWER),
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
    "response_model": answers.CheckAnswer,
    "responses": {
        200: _example("The labels as they are understood, and findings; none is good", _CHECKED),
        422: _problem("The labels can't be understood, or are missing"),
    },
}
_EVENT = {
    "recording": "street.mp3",
    "start": 12.5,
    "end": 15.0,
    "label": "car horn",
    "score": 0.93,
}
_MODEL = {"model": "bundled", "revision": "…", "precision": "fp32"}
_SUMMARY = {
    "recording": "street.mp3",
    "duration": 3600.0,
    **_MODEL,
    "window": 3.0,
    "hop": 0.5,
    "warnings": [],
}
_LINES = (
    json.dumps({"kind": "event", **_EVENT})
    + "\n"
    + json.dumps({"kind": "summary", **_SUMMARY, "events": 1}, ensure_ascii=False)
)
TIMELINE: dict[str, Any] = {
    "summary": "Say when each of the labels is heard in a recording",
    "description": "Events come as lines of JSON while they are found, each with the kind event; "
    "the last line has the kind summary, or problem if the recording can't be read to its end. "
    "With Accept: application/json, one JSON object comes at the end.",
    "response_model": answers.TimelineAnswer,
    "responses": {
        200: {
            "description": "The events",
            "content": {
                "application/jsonl": {"schema": {"type": "string"}, "example": _LINES},
                "application/json": {"example": {**_SUMMARY, "events": [_EVENT]}},
            },
        },
        413: _problem("The recording is too large"),
        422: _problem("The labels or the recording can't be understood, or a field is missing"),
    },
}
EMBED_AUDIO: dict[str, Any] = {
    "summary": "Embed recordings",
    "description": "One embedding of unit length for each file; a recording of several windows "
    "gets their mean direction.",
    "response_model": answers.EmbedAudioAnswer,
    "responses": {
        200: _example(
            "The embeddings",
            {**_MODEL, "dim": 2, "embeddings": [{"recording": "a.wav", "embedding": [0.6, 0.8]}]},
        ),
        413: _problem("The recording is too large"),
        422: _problem("The recording can't be read, or is missing"),
    },
}
EMBED_TEXT: dict[str, Any] = {
    "summary": "Embed texts",
    "description": "Texts are taken as they are, without the sentence that labels are put in.",
    "response_model": answers.EmbedTextAnswer,
    "responses": {
        200: _example(
            "The embeddings",
            {**_MODEL, "dim": 2, "embeddings": [{"text": "rain", "embedding": [0.8, 0.6]}]},
        ),
        422: _problem("The texts can't be understood, or are missing"),
    },
}
_ANSWERING = {
    "id": "bundled",
    "revision": "…",
    "precision": "fp32",
    "dim": 128,
    "rate": 32000,
    "window": 5.0,
    "languages": ["en", "zh"],
    "license": "CC-BY-SA-4.0",
    "device": "cpu",
}
_INSTALLED = {
    "id": "bundled",
    "kind": "audio-text",
    "revision": "…",
    "license": "CC-BY-SA-4.0",
    "precision": "fp32",
    "size": 20_000_000,
}
MODELS: dict[str, Any] = {
    "summary": "Say which models there are",
    "response_model": answers.ModelsAnswer,
    "responses": {
        200: _example(
            "The model that answers, and all that are installed",
            {"answering": _ANSWERING, "installed": [_INSTALLED]},
        ),
    },
}
HEALTH: dict[str, Any] = {
    "summary": "Say that the server is alive, and which model answers",
    "response_model": answers.HealthAnswer,
}

CHINESE = {
    "Say whether the model answers": "检查模型是否就绪",
    "It doesn't yet": "尚未就绪",
    "Give figures for Prometheus": "供 Prometheus 采集的指标",
    "Figures": "指标",
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
    TIMELINE["summary"]: "找出每个标签在录音中出现的时间",
    TIMELINE["description"]: (
        "事件边找边以 JSON 行返回，kind 为 event；最后一行的 kind 为 summary，"
        "如果录音无法读完则为 problem。"
        "若请求头为 Accept: application/json，则最后一次性返回一个 JSON。"
    ),
    "The events": "事件",
    EMBED_AUDIO["summary"]: "计算录音的嵌入向量",
    EMBED_AUDIO["description"]: (
        "每个文件返回一个单位长度的向量；录音较长、分为多个窗口时取平均方向。"
    ),
    EMBED_TEXT["summary"]: "计算文本的嵌入向量",
    EMBED_TEXT["description"]: "文本按原样处理，不套用标签所用的句式。",
    "The embeddings": "嵌入向量",
    "The recording can't be read, or is missing": "录音无法读取，或缺少录音",
    "The texts can't be understood, or are missing": "文本有误，或缺少文本",
    MODELS["summary"]: "列出模型",
    "The model that answers, and all that are installed": "当前使用的模型，以及所有已安装的模型",
    "The answer": "识别结果",
    "The recording is too large": "录音文件过大",
    "The labels or the recording can't be understood, or a field is missing": (
        "标签有误、录音无法读取，或缺少字段"
    ),
    "A recording of any common format.": "任意常见格式的录音。",
    "Recordings of any common format.": "任意常见格式的录音，可以多个。",
    "Labels in one line, separated by commas; or the text of a YAML or JSON label set, also as a "
    "file.": "一行标签，用逗号隔开；或 YAML、JSON 标签文件的内容，也可作为文件上传。",
    "A best similarity under this is no match; by default as the model has it.": (
        "最高相似度低于此值判为“都不吻合”；默认用模型自带的值。"
    ),
    "Two best probabilities closer than this are too close to call; by default as the model has "
    "it.": "前两名概率之差小于此值判为“难分高下”；默认用模型自带的值。",
    "What becomes of a Chinese label without English, where the model reads no Chinese: an error, "
    "or passed on as it is.": "模型不懂中文、而标签又无法翻译时：报错，或原样传给模型。",
    "So many of the best labels are in the answer.": "结果中只给出最好的几个标签。",
    "Score from which on a label is active.": "得分达到多少算听到。",
    "Seconds of a pause that an event outlasts.": "事件中允许的停顿，单位秒。",
    "Length of the windows in seconds.": "窗口长度，单位秒。",
    "From one window's start to the next one's, in seconds.": "相邻两窗的间隔，单位秒。",
    "In place of events, so many best moments of each label.": (
        "不找事件，改为给出每个标签最像的几个时刻。"
    ),
    "Successful Response": "成功",
}
