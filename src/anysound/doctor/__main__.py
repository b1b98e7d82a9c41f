"""One check, made for the process that started this one; people run ``anysound doctor``."""

import json
import sys
from importlib import import_module

from anysound.doctor.apart import tell
from anysound.doctor.check import DoctorOptions
from anysound.doctor.examine import checked


def main() -> None:
    """Make the check that the command line names as ``module:function``."""
    module, _, name = sys.argv[1].partition(":")
    examination = getattr(import_module(module), name)
    tell(checked(name, examination, DoctorOptions(**json.loads(sys.argv[2]))))


if __name__ == "__main__":
    main()
