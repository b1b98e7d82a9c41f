"""Put everything between the network and the application that keeps it safe."""

from fastapi import FastAPI

from anysound.server.guard.auth import Auth
from anysound.server.guard.body_limit import BodyLimit
from anysound.server.guard.bugs import Bugs
from anysound.server.guard.gradio_routes import GradioRoutes
from anysound.server.guard.headers import SameOrigin, SecurityHeaders
from anysound.server.guard.hosts import Hosts
from anysound.server.guard.leaving import Leaving
from anysound.server.guard.rate import Rate
from anysound.server.options import ServerOptions

_FORM_BYTES = 3 * 1024 * 1024  # of a body, beside the recording: labels taught by examples


def install(app: FastAPI, options: ServerOptions) -> None:
    """Guard an application: its API, its page and its WebSockets alike.

    Args:
        app: What is guarded.
        options: Limits and secrets.
    """
    # The last one added is asked first.
    app.add_middleware(Leaving)
    app.add_middleware(BodyLimit, limit=options.max_upload + _FORM_BYTES)
    app.add_middleware(GradioRoutes)
    if options.secrets.are_asked_for:
        app.add_middleware(Auth, secrets=options.secrets)
    if options.rate is not None:
        app.add_middleware(Rate, a_minute=options.rate)
    app.add_middleware(SameOrigin)
    if options.is_named:
        app.add_middleware(Hosts, names=options.host_names)
    app.add_middleware(Bugs)
    app.add_middleware(SecurityHeaders)
