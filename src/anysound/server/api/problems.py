"""What went wrong with a request, as RFC 9457 problem details in the asker's language."""

import logging
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from anysound.errors import (
    AnysoundError,
    BusyError,
    LabelError,
    RecordingError,
    TookTooLongError,
    UsageError,
)
from anysound.language import Language, Text, use
from anysound.server.problem_details import problem_body, problem_details

_log = logging.getLogger(__name__)

UNEXPECTED = Text(
    en="Something went wrong inside anysound; its log has the details. Please report it.",
    zh="anysound 内部出错，详情见服务器日志。欢迎向我们反馈。",
)

_TITLES = {
    "bad-labels": Text(en="These labels can't be understood", zh="标签有误"),
    "unreadable-recording": Text(en="This recording can't be read", zh="录音无法读取"),
    "bad-option": Text(en="This option makes no sense", zh="选项无效"),
    "busy": Text(en="The server is busy", zh="服务器繁忙"),
    "bad-request": Text(en="This request can't be understood", zh="请求有误"),
    "missing-field": Text(en="Something is missing from the request", zh="请求不完整"),
    "not-found": Text(en="There is nothing here", zh="地址不存在"),
    "took-too-long": Text(en="This took too long", zh="处理超时"),
    "too-slow": Text(en="This came too slowly", zh="上传超时"),
    "too-large": Text(en="This is too large", zh="内容过大"),
    "internal": Text(en="An error inside anysound", zh="内部错误"),
}


def too_large(max_upload: int) -> Text:
    """Say that an upload is larger than allowed."""
    size = max_upload // 1024 // 1024
    return Text(
        en=f"A recording may have at most {size} MB. Send a shorter piece, or save it as mp3.",
        zh=f"录音文件最大 {size} MB。请截短后再试，或另存为 mp3。",
    )


@dataclass(frozen=True)
class Problem:
    """What went wrong.

    Attributes:
        kind: Names it for programs.
        status: Of HTTP.
        detail: Says what is wrong with which input, and what to do.
        more: Further members.
        headers: Of HTTP, where it is answered by that.
    """

    kind: str
    status: int
    detail: Text
    more: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def to_dict(self, language: Language) -> dict[str, Any]:
        """Return the problem details, ready for JSON."""
        with use(language):
            return problem_body(self.kind, self.status, _TITLES[self.kind], self.detail, self.more)


def problem_of(error: Exception) -> Problem:
    """Return what an error is to whoever asked; the log has what only we should know."""
    if isinstance(error, LabelError):
        more = {} if error.position is None else {"position": error.position}
        return Problem("bad-labels", 422, error.text, more)
    if isinstance(error, RecordingError):
        return Problem("unreadable-recording", 422, error.text)
    if isinstance(error, UsageError):
        return Problem("bad-option", 422, error.text)
    if isinstance(error, BusyError):
        later = {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
        return Problem("busy", 503, error.text, headers=later)
    if isinstance(error, TookTooLongError):
        return Problem("took-too-long", 503, error.text)
    _log.error("unexpected error", exc_info=error)
    return Problem("internal", 500, error.text if isinstance(error, AnysoundError) else UNEXPECTED)


def install(app: FastAPI, max_upload: int) -> None:
    """Let an app answer every error as ``application/problem+json``."""

    async def on_anysound_error(request: Request, error: Exception) -> JSONResponse:
        return _answer(request, problem_of(error))

    async def on_validation_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        fields = list(dict.fromkeys(str(each["loc"][-1]) for each in error.errors()))
        return _answer(request, Problem("missing-field", 422, _missing(fields), {"fields": fields}))

    async def on_http_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        if error.status_code == 413:
            return _answer(request, Problem("too-large", 413, too_large(max_upload)))
        if error.status_code == 408:
            return _answer(request, Problem("too-slow", 408, _TOO_SLOW))
        if error.status_code == 404:
            return _answer(request, Problem("not-found", 404, _nothing_at(request)))
        return _answer(request, Problem("bad-request", error.status_code, _MALFORMED))

    async def on_bug(request: Request, error: Exception) -> JSONResponse:
        return _answer(request, Problem("internal", 500, UNEXPECTED))

    app.add_exception_handler(AnysoundError, on_anysound_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_bug)


_MALFORMED = Text(
    en="The body is no well-formed multipart form. See /docs for an example.",
    zh="请求内容不是正确的 multipart 表单。示例见 /docs。",
)


_TOO_SLOW = Text(
    en="Nothing came for too long, so the rest was not waited for. Send it again.",
    zh="上传中断太久，已不再等待。请重新发送。",
)


_FIELDS = {
    "file": Text(en="`file` (a recording)", zh="file（录音文件）"),
    "labels": Text(en="`labels` (text)", zh="labels（文本）"),
}


def _missing(fields: list[str]) -> Text:
    known = [_FIELDS.get(field, Text(en=field, zh=field)) for field in fields]
    return Text(
        en="Missing from the request, or of the wrong kind: "
        f"{', '.join(each.en for each in known)}. See /docs for an example.",
        zh=f"请求中缺少以下字段，或取值不对：{'、'.join(each.zh for each in known)}。"
        "示例见 /docs。",
    )


def _nothing_at(request: Request) -> Text:
    asked = f"{request.method} {request.url.path}"
    return Text(
        en=f"The API knows no {asked}. /docs lists what there is.",
        zh=f"接口中没有 {asked}。可用接口见 /docs。",
    )


def _answer(request: Request, problem: Problem) -> JSONResponse:
    return problem_details(
        request.scope,
        problem.kind,
        problem.status,
        _TITLES[problem.kind],
        problem.detail,
        problem.more,
        problem.headers,
    )
