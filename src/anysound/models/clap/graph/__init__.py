"""Weights to ONNX graphs of both towers; needed only when a model is pulled."""

from anysound.models.clap.graph.audio import write_audio_graph
from anysound.models.clap.graph.probe import write_probe
from anysound.models.clap.graph.text import token_tables, write_text_graph

__all__ = ["token_tables", "write_audio_graph", "write_probe", "write_text_graph"]
