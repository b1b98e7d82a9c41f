"""`python app.py [--port 7860]`, as it was called before there was `anysound serve`.

Whatever `anysound serve` takes may be given.
"""

import sys

from anysound.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["serve"]
    main()
