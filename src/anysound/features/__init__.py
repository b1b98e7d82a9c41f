"""Features: what the audio towers see of a waveform."""

from anysound.features.log_mel import LogMelSpec, log_mel, mel_filters

__all__ = ["LogMelSpec", "log_mel", "mel_filters"]
