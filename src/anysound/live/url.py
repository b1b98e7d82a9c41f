"""A stream at a URL: a camera, a radio station, a microphone elsewhere."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from anysound.audio.incoming import Opening, decoding
from anysound.audio.problem import problem
from anysound.audio.remote import is_url, protocol_of
from anysound.errors import RecordingError, UsageError
from anysound.language import Text
from anysound.live.source import LiveSound
from anysound.live.stopping import Stopping
from anysound.live.tls import checking, distrusted

_SCHEMES = ("rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp")
_LOGIN = re.compile(r"//[^/@]*@")

# A playlist at a URL may name further addresses, but nothing on this machine's disks.
_PROTOCOLS = "http,https,httpproxy,tls,tcp,udp,rtp,rtmp,rtmps,crypto"
_OPENING = {
    "protocol_whitelist": _PROTOCOLS,
    "rtsp_transport": "tcp",  # UDP loses packets, and many networks don't let it in
    "analyzeduration": "1000000",  # microseconds of sound to find out what it is
}


class UrlSource:
    """A stream at a URL.

    Attributes:
        name: The URL, without name and password.
    """

    def __init__(self, url: str, *, insecure: bool = False) -> None:
        """Take note of it; nothing is opened yet.

        Args:
            url: Where the stream is.
            insecure: Over TLS, listen to whoever answers, without a look at the certificate.

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
        self._insecure = insecure

    @contextmanager
    def open(self, stopping: Stopping) -> Iterator[LiveSound]:
        """Connect.

        Raises:
            RecordingError: There is no sound to be had there.
        """
        checks = {} if self._insecure else checking()
        with ExitStack() as stack:
            try:
                opening = Opening({**_OPENING, **checks})
                found = stack.enter_context(decoding(self.name, self._url, opening))
            except RecordingError as error:
                reason = None if self._insecure else distrusted(self._url)
                raise (_distrusted(self.name, reason) if reason else error) from error
            # What says how long it is is a recording: to connect again would begin it anew.
            yield LiveSound(found.pieces, found.coding, is_finite=found.is_of_known_length)


def _distrusted(name: str, reason: str) -> RecordingError:
    return problem(
        name,
        f"its certificate is not trusted ({reason}), so somebody else may be answering. If it is "
        "a device of your own, save its certificate and name the file in the environment: "
        "SSL_CERT_FILE=camera.pem; or listen without the check: --insecure.",
        f"证书不受信任（{reason}），对方可能是冒充的。如果是您自己的设备，请保存它的证书，"
        "并用环境变量指定：SSL_CERT_FILE=camera.pem；也可以用 --insecure 跳过检查。",
    )
