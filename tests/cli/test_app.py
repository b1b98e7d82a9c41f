import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from typer.testing import Result

import anysound
from anysound.errors import UsageError
from anysound.language import Text
from anysound.models import ModelOptions

Run = Callable[..., Result]


def anysound_says(*arguments: str, language: str = "en", columns: int = 100) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "anysound", *arguments],
        env={**os.environ, "ANYSOUND_LANG": language, "COLUMNS": str(columns)},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode()


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"anysound {anysound.__version__}\n"
    assert anysound_says("--version") == f"anysound {anysound.__version__}\n"


def test_only_commands_that_work_are_offered(run: Run) -> None:
    from anysound.cli import app

    offered = ["classify", "timeline", "listen", "batch", "eval", "teach", "review", "serve"]
    offered.append("doctor")
    assert [each.name for each in app.registered_commands] == offered
    shown = run("--help").stdout
    assert all(name in shown for name in (*offered, "--version"))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("--help",), "录音只需计算一次，之后可随时换标签重新识别，或查找某种声音出现在哪里。"),
        (("classify", "-h"), "音频或视频文件，或其网络地址（s3://bucket/a.wav）；-表示标准输入。"),
        (("index", "-h"), "把内容几乎相同的录音分组：格式不同、音量不同或略有裁剪。"),
    ],
)
def test_chinese_help_is_broken_into_lines_not_cut_off(command: tuple[str, ...], said: str) -> None:
    shown = anysound_says(*command, language="zh", columns=80)
    assert "…" not in shown
    assert "选项" in shown
    assert said in re.sub(r"[\s│]", "", shown)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ((), ["判断每段录音", "写入一个表格", "出现的时间", "启动网页", "显示版本号"]),
        (("classify",), ["音频或视频文件", "要识别的标签", "JSON 对象", "使用的模型", "片段"]),
        (("batch",), ["带引号的通配符", "要识别的标签", "结果表格", "同时处理多少段录音"]),
        (("timeline",), ["任意长度", "写入文件", "得分曲线", "截取", "最像的"]),
        (("eval",), ["真实标签", "判定阈值", "使用的模型", "其他说法"]),
        (("serve",), ["监听地址", "监听端口", "使用的模型"]),
        (("doctor",), ["检查本机环境", "要检查的服务端口", "不检查网络"]),
    ],
)
def test_help_is_in_chinese_for_a_chinese_reader(command: tuple[str, ...], said: list[str]) -> None:
    shown = anysound_says(*command, "--help", language="zh")
    assert [words for words in said if words not in shown] == []
    english = ("Sound or video", "What to listen for", "Folders, files", "Address to")
    assert [words for words in english if words in shown] == []


@dataclass(frozen=True)
class FakeServer:
    """Stands in for ``anysound.server``, which takes seconds to import."""

    serve: Callable[[SimpleNamespace], None]
    ServerOptions = SimpleNamespace

    @staticmethod
    def Secrets(token: str | None, user: str | None, password: str | None) -> SimpleNamespace:  # noqa: N802
        return SimpleNamespace(token=token, user=user, password=password)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "anysound.server", self)
        monkeypatch.setattr(anysound, "server", self, raising=False)


def test_serve_hands_its_options_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[SimpleNamespace] = []
    FakeServer(given.append).install(monkeypatch)
    monkeypatch.setenv("ANYSOUND_TOKEN", "let me in")
    chosen = ["--model", "bundled", "--precision", "fp32", "--device", "cpu"]
    more = ["--root-path", "/sound", "--index", "archive", "--allow-pull", "--log-json"]
    more += ["--host-name", "a.example", "--host-name", "b.example"]
    assert run("serve", "--host", "::1", "--port", "0", *chosen, *more).exit_code == 0
    monkeypatch.delenv("ANYSOUND_TOKEN")
    assert run("serve").exit_code == 0
    assert run("serve", "--port", "65536").exit_code == 2
    assert run("serve", "--device", "gpu").exit_code == 2
    first, second = given
    assert (first.host, first.port, first.model) == ("::1", 0, "bundled")
    assert first.run == ModelOptions("fp32", "cpu")
    assert (first.root_path, first.index, first.allow_pull) == ("/sound", "archive", True)
    assert first.log_json
    assert (first.host_names, second.host_names) == (("a.example", "b.example"), ())
    assert first.secrets.token == "let me in"
    assert (second.host, second.port, second.model) == ("127.0.0.1", 7860, None)
    assert second.run == ModelOptions()
    assert second.secrets.token is None


def test_serve_says_why_it_cannot(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise UsageError(Text(en="The port is in use.", zh="端口已被占用。"))

    FakeServer(refuse).install(monkeypatch)
    result = run("serve")
    assert (result.exit_code, result.stderr) == (2, "Error: The port is in use.\n")


def test_serve_without_the_web_extra_names_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("anysound.server")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(anysound, "server", raising=False)
    for name in ("fastapi", "gradio", "uvicorn"):
        monkeypatch.setitem(sys.modules, name, None)
    result = run("serve")
    assert result.exit_code == 1
    assert 'pip install "anysound[web]"' in result.stderr
