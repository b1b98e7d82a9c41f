"""What the makers of pages share: cells of tables, and a command line that says where to."""

import argparse
from collections.abc import Callable
from pathlib import Path


def cell(text: str) -> str:
    """Return a text as it may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def write_where_asked(what: str | None, write: Callable[[Path], None], default: str) -> None:
    """Write into the folder that ``--output`` names.

    Args:
        what: A module's docstring, whose first line is the command's help.
        write: Writes into a folder.
        default: The folder unless told otherwise.
    """
    parser = argparse.ArgumentParser(description=(what or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path(default))
    write(parser.parse_args().output)
