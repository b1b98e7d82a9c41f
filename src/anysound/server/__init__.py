"""The web page and the HTTP API; needs the ``web`` extra."""

from anysound.errors import MissingExtraError
from anysound.language import Text

try:
    from anysound.server.app import create_app
    from anysound.server.options import ServerOptions
    from anysound.server.run import serve
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] == "anysound":
        raise
    raise MissingExtraError(Text(en="The web page", zh="网页"), "web") from error

__all__ = ["ServerOptions", "create_app", "serve"]
