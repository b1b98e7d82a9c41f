"""Python, the packages that anysound stands on, and its optional parts."""

import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from anysound.doctor.check import Check, DoctorOptions
from anysound.doctor.optional import EXTRAS
from anysound.language import Text

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_OLDEST = (3, 11)

_MODULES = {
    "huggingface-hub": "huggingface_hub",
    "onnxruntime-gpu": "onnxruntime",
    "prometheus-client": "prometheus_client",
    "pylance": "lance",
    "python-multipart": "python_multipart",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}
"""What is imported of packages that have another name."""


@dataclass(frozen=True)
class Package:
    """A package that is needed.

    Attributes:
        name: Of the package.
        wanted: Its name with the versions that fit, as pip takes it.
        version: That is installed, or None.
        fits: Whether that version fits.
        is_found: Whether Python finds it; what was removed by hand is installed, but not found.
    """

    name: str
    wanted: str
    version: str | None
    fits: bool
    is_found: bool

    @property
    def is_well(self) -> bool:
        """Whether it can be used."""
        return self.version is not None and self.fits and self.is_found


def python(_: DoctorOptions) -> Check:
    """See which Python runs."""
    found = platform.python_version()
    is_wide = sys.maxsize > 2**32
    facts = {
        "version": found,
        "executable": sys.executable,
        "implementation": platform.python_implementation(),
        "system": platform.platform(),
        "is_virtual": sys.prefix != sys.base_prefix,
        "bits": 64 if is_wide else 32,
    }
    where = f"{found}, {facts['implementation']}, {sys.executable} ({facts['system']})"
    text = Text(f"Python {where}", f"Python {where}")
    if sys.version_info[:2] < _OLDEST or not is_wide:
        advice = Text(
            "Install a 64-bit Python of version 3.11 or newer, and anysound in it.",
            "请安装 64 位的 Python 3.11 或更新版本，再在其中安装 anysound。",
        )
        return Check("python", "fail", text, advice, facts)
    return Check("python", "ok", text, facts=facts)


def packages(_: DoctorOptions) -> Check:
    """See whether the packages that anysound can't do without are there, in versions that fit."""
    from anysound import __version__

    folder = Path(__file__).parents[1]
    try:
        found = tuple(map(_package, _requirements()))
        installed = version("anysound")
    except PackageNotFoundError:
        return Check(
            "packages",
            "warn",
            Text(
                f"anysound {__version__} runs from {folder} and was not installed, so what it "
                "needs is not known.",
                f"anysound {__version__} 直接从 {folder} 运行，没有安装，无法得知它需要哪些包。",
            ),
            Text(
                "Install it: `pip install .` in its folder.", "请在源码目录运行 `pip install .`。"
            ),
            {"anysound": __version__, "folder": str(folder)},
        )
    facts = {
        "anysound": __version__,
        "folder": str(folder),
        "versions": {each.name: each.version for each in found},
    }
    bad = [each for each in found if not each.is_well]
    if bad:
        return Check("packages", "fail", _wrong(bad), _put_right(bad), facts)
    if installed != __version__:
        return Check(
            "packages",
            "warn",
            Text(
                f"Version {installed} is installed, but {folder} holds version {__version__}.",
                f"安装的是 {installed} 版，而 {folder} 中是 {__version__} 版。",
            ),
            Text(
                "Install it again: `pip install .` in its folder; or see whether PYTHONPATH leads "
                "to another copy.",
                "请在源码目录重新运行 `pip install .`，或检查 PYTHONPATH 是否指向了另一份代码。",
            ),
            facts,
        )
    listed = ", ".join(f"{each.name} {each.version}" for each in found)
    text = Text(f"anysound {__version__} with {listed}", f"anysound {__version__}，依赖：{listed}")
    return Check("packages", "ok", text, facts=facts)


def extras(_: DoctorOptions) -> Check:
    """See which optional parts of anysound are installed."""
    try:
        parts = {name: tuple(map(_package, _requirements(name))) for name in EXTRAS}
    except PackageNotFoundError:
        return Check(
            "extras",
            "skipped",
            Text(
                "anysound was not installed, so its optional parts are not known.",
                "anysound 没有安装，无法得知有哪些可选组件。",
            ),
        )
    here = [name for name, needed in parts.items() if all(each.is_well for each in needed)]
    absent = [name for name in EXTRAS if name not in here]
    facts = {
        "installed": here,
        "absent": absent,
        "versions": {
            each.name: each.version for needed in parts.values() for each in needed if each.version
        },
    }
    text = Text(
        f"Installed: {', '.join(here) or 'none'}; not installed: {', '.join(absent) or 'none'}",
        f"已安装：{'、'.join(here) or '无'}；未安装：{'、'.join(absent) or '无'}",
    )
    bad = {each for needed in parts.values() for each in needed if each.version}
    bad = {each for each in bad if not each.is_well}
    if bad:
        wrong = _wrong(sorted(bad, key=lambda each: each.name))
        text = Text(f"{text.en}. {wrong.en}", f"{text.zh}。{wrong.zh}")
        return Check("extras", "warn", text, _put_right(bad), facts)
    return Check("extras", "ok", text, _install(absent) if absent else None, facts)


def _install(absent: Iterable[str]) -> Text:
    lines = [(f'pip install "anysound[{name}]"', EXTRAS[name]) for name in absent]
    width = max(len(command) for command, _ in lines)
    en = "\n".join(f"{command:{width}}  {gives.en}" for command, gives in lines)
    zh = "\n".join(f"{command:{width}}  {gives.zh}" for command, gives in lines)
    return Text(f"If you want them:\n{en}", f"需要时再安装：\n{zh}")


def _wrong(packages: Iterable[Package]) -> Text:
    en, zh = [], []
    for each in packages:
        if each.version is None:
            en.append(f"{each.wanted} is missing")
            zh.append(f"缺少 {each.wanted}")
        elif not each.is_found:
            en.append(f"{each.name} {each.version} is installed, but can't be imported")
            zh.append(f"{each.name} {each.version} 已安装，但无法导入")
        else:
            en.append(f"{each.name} is version {each.version}, and {each.wanted} is needed")
            zh.append(f"{each.name} 的版本是 {each.version}，需要 {each.wanted}")
    return Text("; ".join(en), "；".join(zh))


def _put_right(packages: Iterable[Package]) -> Text:
    """Return the command that installs what is missing, over what is damaged."""
    listed = " ".join(sorted(f'"{each.wanted}"' for each in packages))
    command = f"{sys.executable} -m pip install --force-reinstall --no-deps {listed}"
    return Text(f"Run: {command}", f"请运行：{command}")


def _requirements(extra: str = "") -> tuple["Requirement", ...]:
    """Return what the core needs, or what one extra adds to it.

    Raises:
        PackageNotFoundError: anysound was not installed.
    """
    from packaging.requirements import Requirement

    needed: list[Requirement] = []
    for line in requires("anysound") or ():
        each = Requirement(line)
        is_of_core = each.marker is None or each.marker.evaluate({"extra": ""})
        if is_of_core != (not extra):
            continue
        if each.marker and not each.marker.evaluate({"extra": extra}):
            continue
        if each.name == "anysound":  # an extra made of others
            needed += [one for other in sorted(each.extras) for one in _requirements(other)]
        else:
            needed.append(each)
    return tuple(needed)


def _package(needed: "Requirement") -> Package:
    wanted = str(needed).partition(";")[0].strip()
    try:
        found = version(needed.name)
    except PackageNotFoundError:
        return Package(needed.name, wanted, None, False, False)
    fits = needed.specifier.contains(found, prereleases=True)
    module = _MODULES.get(needed.name, needed.name.replace("-", "_"))
    return Package(needed.name, wanted, found, fits, _is_found(module))


def _is_found(module: str) -> bool:
    """Tell whether Python would find a module, which is not loaded for that."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
