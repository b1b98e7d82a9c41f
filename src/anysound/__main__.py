"""``python -m anysound``: the command line."""

from anysound.cli import main

if __name__ == "__main__":
    main()
