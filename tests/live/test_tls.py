"""Streams over TLS, from servers of which it is known who they are, and from others."""

from pathlib import Path

import pytest

from anysound.errors import RecordingError
from anysound.language import use
from anysound.live import UrlSource
from anysound.live.tls import checking, distrusted
from tests.fakes import wav_file
from tests.live.certificates import self_signed
from tests.live.making import LABELS, classifier, joined, quiet, serving, tone
from tests.live.rtsp import camera
from tests.live.test_sources import rtsp_tone, send

CONTENT = wav_file(joined(quiet(2), tone(1000, 4), quiet(2)))


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("ANYSOUND_LANG", "en")


def first_label(url: str, *, insecure: bool = False) -> str:
    events = iter(classifier().listen(UrlSource(url, insecure=insecure), LABELS))
    return next(events).label


def test_a_web_server_is_heard_if_its_certificate_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, tls = self_signed(tmp_path)
    with serving(lambda handler: send(handler, CONTENT, len(CONTENT)), tls) as url:
        with pytest.raises(RecordingError) as caught:
            first_label(f"{url}/a.wav")
        assert str(caught.value).startswith(f"{url}/a.wav: its certificate is not trusted (self")
        assert "SSL_CERT_FILE=camera.pem" in str(caught.value)
        with use("zh"):
            assert "证书不受信任" in str(caught.value)
        assert first_label(f"{url}/a.wav", insecure=True) == "mid"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert first_label(f"{url}/a.wav") == "mid"


def test_a_camera_is_heard_if_its_certificate_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, tls = self_signed(tmp_path)
    with camera([rtsp_tone(1000)] * 2, tls=tls) as (url, requests):
        with pytest.raises(RecordingError, match="not trusted"):
            first_label(url)
        assert requests == []
        assert first_label(url, insecure=True) == "mid"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert first_label(url) == "mid"


@pytest.mark.parametrize(
    ("address", "days", "reason"),
    [("127.0.0.2", 2, "IP address mismatch"), ("127.0.0.1", -2, "expired")],
)
def test_a_certificate_of_another_or_of_the_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, days: int, reason: str
) -> None:
    certificate, tls = self_signed(tmp_path, address, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        serving(lambda handler: send(handler, CONTENT, len(CONTENT)), tls) as url,
        pytest.raises(RecordingError, match=f"not trusted .*{reason}"),
    ):
        first_label(f"{url}/a.wav")


def test_only_a_certificate_is_blamed_on_the_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, tls = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        serving(lambda handler: handler.send_error(404), tls) as url,
        pytest.raises(RecordingError, match="can't be reached"),
    ):
        first_label(f"{url}/a.wav")
    with serving(lambda handler: send(handler, CONTENT, len(CONTENT))) as url:
        assert distrusted(url) is None
        assert distrusted(url.replace("http:", "https:")) is None  # it speaks no TLS
    assert distrusted("https://127.0.0.1:9/x") is None
    assert distrusted("https://[x/x") is None
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert "none.pem: no such file" in str(distrusted(url.replace("http:", "https:")))


def test_the_system_says_whom_to_trust() -> None:
    options = checking()
    assert options["tls_verify"] == "1"
    assert Path(options["ca_file"]).is_file()
