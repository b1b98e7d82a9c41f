"""What people see: fonts, the terminal, and the time of events."""

import locale
import os
import sys
import time
from datetime import UTC, datetime

from anysound.doctor.check import Check, DoctorOptions
from anysound.language import Text, current

_SAMPLE = "轴承尖啸声，齿轮撞击"

_WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""Before this day there was no doctor."""


def fonts(_: DoctorOptions) -> Check:
    """See whether pictures can show Chinese."""
    from anysound.drawing import check_matplotlib, undrawable
    from anysound.drawing.fonts import families
    from anysound.errors import MissingExtraError

    try:
        check_matplotlib()
    except MissingExtraError as error:
        return Check("fonts", "skipped", Text("not looked for", "未检查"), error.text)
    missing = undrawable(_SAMPLE)
    used = families()
    facts = {"families": used, "draws_chinese": not missing}
    if not missing:
        listed = ", ".join(used)
        text = Text(f"pictures can show Chinese ({listed})", f"图片可以显示中文（{listed}）")
        return Check("fonts", "ok", text, facts=facts)
    return Check(
        "fonts",
        "warn",
        Text(
            "No font here has Chinese: it becomes boxes in pictures",
            "没有中文字体，图片中的中文会变成方框",
        ),
        Text(
            "Install one; on Debian and Ubuntu: sudo apt install fonts-noto-cjk. SVG pictures use "
            "the fonts of whoever looks at them.",
            "请安装中文字体；在 Debian 或 Ubuntu 上：sudo apt install fonts-noto-cjk。"
            "SVG 图片使用查看者电脑上的字体，不受影响。",
        ),
        facts,
    )


def terminal(_: DoctorOptions) -> Check:
    """See whether Chinese can be printed here, and be part of a file's name."""
    output = (sys.stdout.encoding or "ascii") if sys.stdout else "ascii"
    names = sys.getfilesystemencoding()
    facts = {
        "output": output,
        "file_names": names,
        "locale": locale.getlocale()[0],
        "language": current(),
        "lang": os.environ.get("LC_ALL") or os.environ.get("LANG") or None,
        "is_terminal": bool(sys.stdout and sys.stdout.isatty()),
    }
    text = Text(
        f"output in {output}, names of files in {names}; messages are in English "
        "(ANYSOUND_LANG=zh for Chinese)"
        if current() == "en"
        else f"output in {output}, names of files in {names}; messages are in Chinese",
        f"输出编码 {output}，文件名编码 {names}；提示语言为"
        f"{'中文（ANYSOUND_LANG=en 改为英文）' if current() == 'zh' else '英文'}",
    )
    bad = [each for each in (output, names) if not _writes_chinese(each)]
    if not bad:
        return Check("terminal", "ok", text, facts=facts)
    return Check(
        "terminal",
        "warn",
        Text(
            f"Chinese can't be written in {bad[0]}: it is shown as \\u58f0",
            f"{bad[0]} 编码无法显示中文，会变成 \\u58f0 这样的代码",
        ),
        Text(
            "Set PYTHONUTF8=1, or LANG=C.UTF-8 (in a Windows console, chcp 65001 first).",
            "请设置环境变量 PYTHONUTF8=1 或 LANG=C.UTF-8（Windows 控制台请先运行 chcp 65001）。",
        ),
        facts,
    )


def clock(_: DoctorOptions) -> Check:
    """See whether the clock can be right; certificates and the times of events depend on it."""
    now = datetime.now().astimezone()
    shown = now.isoformat(sep=" ", timespec="seconds")
    facts = {"time": now.isoformat(timespec="seconds"), "zone": time.tzname[0]}
    text = Text(f"{shown} ({now.tzname()})", f"{shown}（{now.tzname()}）")
    if now >= _WRITTEN:
        return Check("clock", "ok", text, facts=facts)
    return Check(
        "clock",
        "warn",
        Text(f"{shown} is past: the clock is wrong", f"{shown} 早已过去：系统时钟不准"),
        Text(
            "Set the clock (timedatectl set-ntp true); until then no https address can be trusted, "
            "and live events have the wrong time.",
            "请校准系统时间（timedatectl set-ntp true）；否则 https 证书校验会失败，"
            "实时事件的时间也不对。",
        ),
        facts,
    )


def _writes_chinese(encoding: str) -> bool:
    try:
        _SAMPLE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
