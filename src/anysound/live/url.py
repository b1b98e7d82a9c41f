"""A stream at a URL: a camera, a radio station, a microphone elsewhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from anysound.audio.remote import is_url, protocol_of
from anysound.errors import UsageError
from anysound.language import Text
from anysound.live.decoding import Opening, decoding
from anysound.live.source import LiveSound
from anysound.live.stopping import Stopping

_SCHEMES = ("rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp")
_LOGIN = re.compile(r"//[^/@]*@")

# A playlist at a URL may name further addresses, but nothing on this machine's disks.
_PROTOCOLS = "http,https,httpproxy,tls,tcp,udp,rtp,rtmp,rtmps,crypto"
_OPENING = Opening(
    {
        "protocol_whitelist": _PROTOCOLS,
        "rtsp_transport": "tcp",  # UDP loses packets, and many networks don't let it in
        "analyzeduration": "1000000",  # microseconds of sound to find out what it is
    }
)


class UrlSource:
    """A stream at a URL.

    Attributes:
        name: The URL, without name and password.
    """

    def __init__(self, url: str) -> None:
        """Take note of it; nothing is opened yet.

        Raises:
            UsageError: Its scheme is none that streams have.
        """
        self.name = _LOGIN.sub("//", url)
        if not is_url(url) or protocol_of(url) not in _SCHEMES:
            raise UsageError(
                Text(
                    en=f"{self.name}: this is no stream that can be listened to; its address must "
                    f"begin with one of {', '.join(_SCHEMES)} and ://.",
                    zh=f"{self.name}：无法监听这样的地址；应以 {'、'.join(_SCHEMES)} 之一加 "
                    ":// 开头。",
                )
            )
        self._url = url

    @contextmanager
    def open(self, stopping: Stopping) -> Iterator[LiveSound]:
        """Connect.

        Raises:
            RecordingError: There is no sound to be had there.
        """
        with decoding(self.name, self._url, _OPENING) as found:
            # What says how long it is is a recording: to connect again would begin it anew.
            yield LiveSound(found.pieces, found.coding, is_finite=found.is_of_known_length)
