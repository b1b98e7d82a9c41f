"""Procedural sound generators."""
