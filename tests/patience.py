"""How long tests wait for what must happen."""

PATIENCE = 240.0
"""Seconds. A machine that is busy with other tests may take a minute for what takes a second, and
a download yields to all else; what is broken may take as long as this to be found."""
