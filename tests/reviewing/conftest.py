"""The command line with the fake model."""

from tests.cli.conftest import run

__all__ = ["run"]
