"""`python cli_batch.py --audio_dir D --labels '…' --output_csv F`, from before `anysound batch`.

Whatever else `anysound batch` takes may be given, too.
"""

import argparse
import sys

from anysound.cli import main


def batch_arguments(given: list[str]) -> list[str]:
    """Return the arguments of `anysound batch` for those of the older call."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--audio_dir", required=True, metavar="FOLDER", help="录音文件夹")
    parser.add_argument("--labels", required=True, metavar="LABELS", help="候选标签，用逗号分隔")
    parser.add_argument("--output_csv", required=True, metavar="FILE", help="结果表格")
    known, others = parser.parse_known_args(given)
    named = [f"--labels={known.labels}", f"--output={known.output_csv}"]
    return ["batch", *named, *others, "--", known.audio_dir]


if __name__ == "__main__":
    sys.argv[1:] = batch_arguments(sys.argv[1:])
    main()
