"""Exit with 0 if the server in this container is ready; Python alone, since there is no curl."""

import os
from urllib.request import ProxyHandler, build_opener

_PATIENCE = 5  # seconds


def main() -> None:
    """Ask it; an error ends with a traceback, and that is not 0."""
    port = os.environ.get("ANYSOUND_PORT", "7860")
    opener = build_opener(ProxyHandler({}))  # what is here is asked without a proxy
    opener.open(f"http://127.0.0.1:{port}/readyz", timeout=_PATIENCE).close()


if __name__ == "__main__":
    main()
