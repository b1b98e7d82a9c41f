"""Print what anysound needs, one requirement a line: its dependencies, and those of some extras.

    python requirements.py web,translate

They are installed before its code is copied into the image, so that a change of the code does not
install them again.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_OWN_EXTRAS = re.compile(r"anysound\[(.*)\]")


def needed(extras: Sequence[str], project: Mapping[str, object]) -> Iterator[str]:
    """Give the requirements of some extras; one may name others."""
    optional = project["optional-dependencies"]
    assert isinstance(optional, Mapping)
    for extra in extras:
        for requirement in optional[extra]:
            own = _OWN_EXTRAS.fullmatch(requirement)
            if own:
                yield from needed(own[1].split(","), project)
            else:
                yield requirement


def main() -> None:
    """Print them."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    extras = [name for name in sys.argv[1].split(",") if name]
    print("\n".join([*project["dependencies"], *needed(extras, project)]))


if __name__ == "__main__":
    main()
