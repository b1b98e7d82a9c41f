"""Decode in processes of their own, which may be killed: for recordings that come from strangers.

A file may be made to crash a decoder, to keep it busy for ever, or to become a thousand times as
much memory. Here that costs the one who sent it an error, and the others nothing.
"""

from anysound.audio.decoders.apart import decoding_apart
from anysound.audio.decoders.limits import Limits
from anysound.audio.decoders.pool import Decoders
from anysound.audio.decoders.problems import DecodingError

__all__ = ["Decoders", "DecodingError", "Limits", "decoding_apart"]
