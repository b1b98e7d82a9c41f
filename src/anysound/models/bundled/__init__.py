"""The small model that anysound ships, so that it works at once and offline."""

from anysound.models.bundled.model import BundledModel

__all__ = ["BundledModel"]
