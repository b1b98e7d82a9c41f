"""What programs ask of the page by its name, with Gradio's own client; the API offers more."""

from collections.abc import Callable, Coroutine
from typing import Any

import gradio as gr
from gradio import FileData
from gradio.events import api

from anysound.language import Text, from_accept_language, use
from anysound.server.api.problems import problem_of
from anysound.server.listener import Listener, Upload
from anysound.server.page import texts
from anysound.server.page.recording_input import sent_recording


def named_endpoints(listener: Listener) -> None:
    """Offer what is asked most, in the page that is being built.

    Args:
        listener: Answers.
    """

    async def classify(recording: FileData, labels: str, request: gr.Request) -> dict[str, Any]:
        async def ask(upload: Upload) -> dict[str, Any]:
            return (await listener.classify(upload, str(labels))).to_dict()

        return await _answered(recording, request, ask)

    async def timeline(recording: FileData, labels: str, request: gr.Request) -> dict[str, Any]:
        async def ask(upload: Upload) -> dict[str, Any]:
            return await (await listener.timeline(upload, str(labels))).whole()

        return await _answered(recording, request, ask)

    for endpoint, said in (
        (classify, "Say which of the labels a recording holds."),
        (timeline, "Say when each of the labels is heard in a recording."),
    ):
        api(endpoint, api_name=endpoint.__name__, api_description=said, concurrency_limit=None)


async def _answered(
    sent: Any, request: gr.Request, ask: Callable[[Upload], Coroutine[Any, Any, dict[str, Any]]]
) -> dict[str, Any]:
    """Answer in the language of who asks; what goes wrong is said in it, too."""
    language = from_accept_language(request.headers.get("accept-language"))
    with use(language), sent_recording(sent) as upload:
        if upload is None:
            raise _refused(texts.NO_RECORDING)
        try:
            return await ask(upload)
        except Exception as error:
            raise _refused(problem_of(error).detail) from error


def _refused(why: Text) -> gr.Error:
    return gr.Error(str(why), print_exception=False)
