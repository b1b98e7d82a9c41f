"""Results into files: whole or absent, and safe for a spreadsheet to open."""

from anysound.writing.cells import armed, disarmed, disarmed_path
from anysound.writing.local import check_local
from anysound.writing.whole_file import WholeFile

__all__ = ["WholeFile", "armed", "check_local", "disarmed", "disarmed_path"]
