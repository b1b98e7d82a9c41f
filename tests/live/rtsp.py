"""A camera: a little RTSP server (RFC 2326) that plays waveforms over TCP."""

import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import numpy as np

from anysound.audio import Waveform

RATE = 8_000
_PACKET = 160  # samples: 20 ms

_SDP = """v=0\r
o=- 0 0 IN IP4 127.0.0.1\r
s=camera\r
c=IN IP4 127.0.0.1\r
t=0 0\r
m=audio 0 RTP/AVP 0\r
a=rtpmap:0 PCMU/8000\r
a=control:track1\r
"""


def mu_law(waveform: Waveform) -> bytes:
    """Samples at 8 kHz as G.711 mu-law."""
    levels = np.clip(np.abs(waveform) * 32768, 0, 32635).astype(np.int64) + 132
    exponent = np.floor(np.log2(levels)).astype(np.int64) - 7
    mantissa = (levels >> (exponent + 3)) & 15
    sign = np.where(waveform < 0, 0x80, 0)
    return (~(sign | (exponent << 4) | mantissa) & 0xFF).astype("u1").tobytes()


@contextmanager
def camera(
    plays: Sequence[Waveform], pace: float = 0.002, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Serve; each who connects is played the next waveform, and then hung up on.

    Args:
        plays: At 8 kHz.
        pace: Seconds before each packet of 20 ms.
        tls: Makes it RTSP over TLS.

    Yields:
        The URL, and the requests that have come.
    """
    requests: list[str] = []
    left = list(plays)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self._talk()

        def _talk(self) -> None:
            while request := self.rfile.readline().decode().strip():
                headers = {}
                while line := self.rfile.readline().decode().strip():
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                method = request.split()[0]
                requests.append(method)
                self._answer(method, headers["cseq"])
                if method == "PLAY":
                    self._play(left.pop(0) if left else np.zeros(0, np.float32))
                    return

        def _answer(self, method: str, sequence: str) -> None:
            more = {
                "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n",
                "DESCRIBE": f"Content-Type: application/sdp\r\nContent-Length: {len(_SDP)}\r\n",
                "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n",
                "PLAY": "Session: 1\r\n",
            }[method]
            body = _SDP if method == "DESCRIBE" else ""
            answer = f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{more}\r\n{body}"
            self.wfile.write(answer.encode())

        def _play(self, waveform: Waveform) -> None:
            content = mu_law(waveform)
            for number, start in enumerate(range(0, len(content), _PACKET)):
                time.sleep(pace)
                payload = content[start : start + _PACKET]
                header = struct.pack(">BBHII", 0x80, 0, number & 0xFFFF, start, 1)
                length = struct.pack(">cBH", b"$", 0, len(header) + len(payload))
                self.wfile.write(length + header + payload)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"rtsp{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}/live", requests
    finally:
        server.shutdown()
        server.server_close()
