"""The port that the server would take, and the hub that models come from."""

import errno
import json
import os
import re
import socket
import time
import urllib.request
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import Any

from anysound.doctor.check import Check, DoctorOptions, Verdict
from anysound.errors import ModelError, reason_of
from anysound.language import Text
from anysound.models.clap.family import DEFAULT

_HOST = "127.0.0.1"
_WAIT = 3.0  # seconds, for whoever answers on this machine or at the hub
_MORE = 20  # ports after the one that is taken are looked at


def port(options: DoctorOptions) -> Check:
    """See whether the server could listen on its port, and else who has it."""
    number = options.port
    facts: dict[str, Any] = {"port": number}
    refusal = _refusal(number)
    if refusal is None:
        return Check("port", "ok", Text(f"{number} is free", f"{number} 空闲"), facts=facts)
    if refusal.errno != errno.EADDRINUSE:
        reason = reason_of(refusal)
        return Check(
            "port",
            "warn",
            Text(f"{number} can't be used ({reason})", f"{number} 无法使用（{reason}）"),
            Text(
                "Ports below 1024 are for administrators: give --port 7860, say.",
                "1024 以下的端口需要管理员权限：请换用其他端口，例如 --port 7860。",
            ),
            facts,
        )
    if told := _anysound(number):
        version, model = told
        facts["anysound"] = {"version": version, "model": model}
        text = Text(
            f"{number} is taken by an anysound {version} that answers (model: {model})",
            f"{number} 已有 anysound {version} 在运行，并能应答（模型：{model}）",
        )
        return Check("port", "ok", text, facts=facts)
    holder, other = _holder(number), _free_port(number)
    facts |= {"holder": holder, "free_port": other}
    text = Text(
        f"{number} is taken by {holder or 'another program'}",
        f"{number} 已被{f' {holder} ' if holder else '其他程序'}占用",
    )
    choose = f"anysound serve --port {other or number + 1}"
    advice = Text(
        f"End that program, or take another port: {choose}. Who has it is told by `ss -ltnp` "
        "(Linux), `lsof -i` (macOS) or `netstat -ano` (Windows).",
        f"请关闭该程序，或换一个端口：{choose}。查看占用者：`ss -ltnp`（Linux）、`lsof -i`"
        "（macOS）、`netstat -ano`（Windows）。",
    )
    return Check("port", "warn", text, advice, facts)


def hub(options: DoctorOptions) -> Check:
    """See whether the hub, or its mirror, answers when it is asked for a model."""
    from anysound.models.store.hub import Hub, is_offline

    if options.online is False or is_offline():
        why = "HF_HUB_OFFLINE" if is_offline() else "--offline"
        return Check(
            "hub",
            "skipped",
            Text(f"not asked for ({why})", f"未检查（{why}）"),
            facts={"offline": why},
        )
    asked = Hub(timeout=_WAIT, tries=1)
    begun = time.monotonic()
    facts: dict[str, Any] = {"is_mirror": bool(os.environ.get("HF_ENDPOINT"))}
    try:
        facts["address"] = _without_password(asked.address)
        asked.listing(DEFAULT, None)
    except ModelError as error:
        verdict: Verdict = "fail" if options.online else "warn"
        told = Text(_without_password(error.text.en), _without_password(error.text.zh))
        return Check("hub", verdict, told, _WITHOUT_A_HUB, facts)
    facts["seconds"] = round(time.monotonic() - begun, 2)
    text = Text(
        f"{facts['address']} has {DEFAULT} and answered in {facts['seconds']} s",
        f"{facts['address']} 可用，有 {DEFAULT}，响应用时 {facts['seconds']} 秒",
    )
    return Check("hub", "ok", text, facts=facts)


_WITHOUT_A_HUB = Text(
    "The bundled model and those that are installed need no hub. For another one: let HF_ENDPOINT "
    "name a mirror, HTTPS_PROXY a proxy; or copy the model's folder here and run "
    "`anysound models pull FOLDER`.",
    "自带模型和已安装的模型不需要联网。如需其他模型：用 HF_ENDPOINT 指定镜像站点，或用 HTTPS_PROXY "
    "指定代理；也可以把模型文件夹拷贝过来，运行 `anysound models pull 文件夹`。",
)


def _refusal(number: int) -> OSError | None:
    """Return why the port can't be listened on, by trying it as the server does."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as trial:
        try:
            if os.name == "posix":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((_HOST, number))
            trial.listen()
        except OSError as error:
            return error
    return None


def _free_port(taken: int) -> int | None:
    after = range(taken + 1, min(taken + _MORE, 65535) + 1)
    return next((number for number in after if _refusal(number) is None), None)


def _anysound(number: int) -> tuple[str, str] | None:
    """Ask whoever has the port whether it is an anysound: its version and its model."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{_HOST}:{number}/healthz", timeout=_WAIT) as answer:
            health = json.loads(answer.read(10_000))
        return str(health["version"]), str(health["model"]["id"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return None


def _holder(number: int) -> str | None:
    """Return the program that listens on a port, where Linux tells it to this user."""
    sockets = _listening(number)
    for descriptor in Path("/proc").glob("[0-9]*/fd/*") if sockets else ():
        try:
            if descriptor.readlink().name in sockets:
                process = descriptor.parents[1]
                words = (process / "cmdline").read_bytes().split(b"\0")
                command = b" ".join(words).decode(errors="replace").strip()
                return f"{command[:100]} (PID {process.name})"
        except OSError:  # it has ended, or is another user's
            continue
    return None


def _listening(number: int) -> set[str]:
    """Return the sockets that listen on a port, by the names that they have in ``/proc``."""
    found = set()
    for table in ("tcp", "tcp6"):
        try:
            rows = Path("/proc/net", table).read_text(encoding="ascii").splitlines()[1:]
        except (OSError, ValueError):
            continue
        for columns in map(str.split, rows):
            is_listening = columns[3] == "0A"
            if is_listening and int(columns[1].rpartition(":")[2], 16) == number:
                found.add(f"socket:[{columns[9]}]")
    return found


def _without_password(text: str) -> str:
    """Return a text without the name and the password of any address in it: reports are shared."""
    return re.sub(r"(?<=://)[^/\s]*@", "", text)
