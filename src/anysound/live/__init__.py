"""Listen to a stream while it sounds, and do something about what is heard.

``microphone``, ``url`` and ``standard_input`` are what can be listened to; ``actions`` is what can
be done about an event; ``recorder`` keeps the sound around it.
"""

from anysound.audio.raw import RawFormat
from anysound.live.backoff import Backoff
from anysound.live.event import LiveEvent, Moment
from anysound.live.listening import Listening
from anysound.live.microphone import Microphone
from anysound.live.open_source import open_source
from anysound.live.options import ListenOptions
from anysound.live.source import LiveSound, LiveSource
from anysound.live.standard_input import StandardInput
from anysound.live.url import UrlSource

__all__ = [
    "Backoff",
    "ListenOptions",
    "Listening",
    "LiveEvent",
    "LiveSound",
    "LiveSource",
    "Microphone",
    "Moment",
    "RawFormat",
    "StandardInput",
    "UrlSource",
    "open_source",
]
