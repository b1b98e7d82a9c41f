"""What the page is told of a full model that is fetched; no part of the API."""

from typing import Any

from fastapi import APIRouter, Request

from anysound.language import Text, from_accept_language, use
from anysound.server.page.model_cards import step_view
from anysound.server.page.texts import upgrade as texts
from anysound.server.upgrade import Progress, Upgrade


def upgrade_routes(upgrade: Upgrade) -> APIRouter:
    """Make the route that the notice asks."""
    router = APIRouter(prefix="/page", include_in_schema=False)

    @router.get("/upgrade")
    async def progress(request: Request) -> dict[str, Any]:
        with use(from_accept_language(request.headers.get("accept-language"))):
            return said(upgrade.progress)

    return router


def said(progress: Progress) -> dict[str, Any]:
    """Say how far an upgrade is, in the current language."""
    facts = {"state": progress.state, "done": progress.done, "total": progress.total}
    if progress.state == "done":
        return {**facts, "title": _filled(texts.DONE, progress.model), "text": ""}
    if progress.state == "waiting":
        again = _filled(texts.AGAIN, _duration(progress.pause))
        why = f"{progress.problem}{Text(en=' ', zh='')}{again}"
        return {**facts, "title": _filled(texts.WAITING, progress.model), "text": why}
    return {
        **facts,
        "title": _filled(texts.FETCHING, progress.model),
        "text": step_view(progress.step, progress.done, progress.total),
    }


def _filled(text: Text, value: str) -> str:
    return str(text).replace("{}", value)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return _filled(texts.SECONDS, f"{seconds:.0f}")
    return _filled(texts.MINUTES, f"{seconds / 60:.0f}")
