"""Whether a server that is talked to over TLS is the one that it says it is."""

import os
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from anysound.audio.remote import protocol_of

_PORTS = {"https": 443, "rtsps": 322, "rtmps": 443}
_CONNECT = 5.0  # seconds


def checking() -> Mapping[str, str]:
    """Return the options by which FFmpeg checks certificates, which it doesn't by itself.

    Those are trusted that the system trusts, or those in the file that ``SSL_CERT_FILE`` names.
    """
    return {"tls_verify": "1", "ca_file": _trusted()}


def distrusted(url: str) -> str | None:
    """Ask a server for its certificate, and return why it isn't trusted.

    Returns:
        None if it is trusted, or something else is the matter.
    """
    port = _PORTS.get(protocol_of(url))
    if port is None:
        return None
    trusted = _trusted()
    if not Path(trusted).is_file():
        return f"{trusted}: no such file"
    try:
        parts = urlsplit(url)
        place = (parts.hostname or "", parts.port or port)
        context = ssl.create_default_context(cafile=trusted)
        with (
            socket.create_connection(place, _CONNECT) as connection,
            context.wrap_socket(connection, server_hostname=place[0]),
        ):
            return None
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except (OSError, ValueError):
        return None


def _trusted() -> str:
    """Return a file of the certificates that are trusted."""
    import certifi

    given = os.environ.get("SSL_CERT_FILE")
    return given or ssl.get_default_verify_paths().cafile or certifi.where()
