"""An error as RFC 9457 problem details, in the asker's language."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Scope

from anysound.language import Text, from_accept_language, use


def problem_details(
    scope: Scope,
    kind: str,
    status: int,
    title: Text,
    detail: Text,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Make the answer.

    Args:
        scope: Of the request; its ``Accept-Language`` is looked at.
        kind: Tells programs what it is, such as ``too-large``.
        status: HTTP's.
        title: What went wrong, the same for each of its kind.
        detail: What went wrong here, and what to do.
        more: Further members.
        headers: Further headers.
    """
    language = from_accept_language(Headers(scope=scope).get("accept-language"))
    with use(language):
        body = problem_body(kind, status, title, detail, more)
    return JSONResponse(
        body,
        status,
        {"content-language": language, **(headers or {})},
        media_type="application/problem+json",
    )


def problem_body(
    kind: str, status: int, title: Text, detail: Text, more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the answer says, ready for JSON, in the current language."""
    return {
        "type": f"urn:anysound:problem:{kind}",
        "title": str(title),
        "status": status,
        "detail": str(detail),
        **(more or {}),
    }
