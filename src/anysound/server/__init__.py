"""The web page and the HTTP API; needs the ``web`` extra."""

from importlib.util import find_spec

from anysound.errors import MissingExtraError
from anysound.language import Text

if not all(map(find_spec, ("fastapi", "gradio", "prometheus_client", "uvicorn"))):
    raise MissingExtraError(Text(en="The web page", zh="网页"), "web")

from anysound.server.guard.auth import Secrets
from anysound.server.options import ServerOptions
from anysound.server.run import serve

__all__ = ["Secrets", "ServerOptions", "serve"]
