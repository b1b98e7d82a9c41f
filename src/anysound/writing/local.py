"""Results are written on this machine's disks only, but for an index."""

import re
from pathlib import Path

from anysound.errors import UsageError
from anysound.language import Text

_WAS_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:/")  # as a path, it has one slash left


def check_local(output: Path) -> None:
    """Make sure that an output is no URL.

    Raises:
        UsageError: It is one.
    """
    if _WAS_URL.match(output.as_posix()):
        url = output.as_posix().replace(":/", "://", 1)
        raise UsageError(
            Text(
                en=f"{url}: results are written on this machine, not to a URL; only recordings "
                "and an index may lie there. Name a local file or folder, and copy it there "
                "afterwards.",
                zh=f"{url}：结果只能写到本机，不能写到网络地址（只有录音和索引可以放在那里）。"
                "请指定本地文件或文件夹，完成后再上传。",
            )
        )
