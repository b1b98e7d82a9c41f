"""The command line."""

from anysound.cli.app import app, main

__all__ = ["app", "main"]
