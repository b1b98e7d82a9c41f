"""The code blocks of the documentation, and a folder in which they can be run."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anysound.batch import COLUMNS
from anysound.sounds import example_wav

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh-CN.md", *sorted(f"docs/{p.name}" for p in ROOT.glob("docs/*.md")))

_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", flags=re.M | re.S)


@dataclass(frozen=True)
class Block:
    """A code block of a page."""

    page: str
    language: str
    text: str


def blocks(page: str, *languages: str) -> list[Block]:
    """Return the blocks of a page that are in some languages."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = [Block(page, language, inside) for language, inside in _BLOCK.findall(text)]
    return [block for block in found if block.language in languages]


def command_lines(block: Block) -> Iterator[list[str]]:
    """Give the words of each command of a shell block; of a pipe, those of each part."""
    joined = re.sub(r"\\\n", " ", block.text)
    lines = joined.splitlines()
    if block.language == "console":
        lines = [line.strip()[2:] for line in lines if line.strip().startswith("$ ")]
    for line in lines:
        words = shlex.split(line, comments=True)
        while words:
            end = words.index("|") if "|" in words else len(words)
            redirected = words.index(">") if ">" in words[:end] else end
            yield words[:redirected]
            words = words[end + 1 :]


def is_chinese(page: str) -> bool:
    """Tell whether a page is written in Chinese."""
    return page.endswith(".zh-CN.md")


def furnish(folder: Path, page: str) -> None:
    """Put in a folder what the page's commands take for granted: recordings, labels, tables."""
    for block in blocks(page, "sh", "bash", "python", "console"):
        for name in re.findall(r"[\w./-]+\.(?:wav|m4a|mp3|flac|ogg)\b", block.text):
            if not name.startswith("/"):
                _recording(folder / name, _SOUNDS.get(Path(name).stem, "siren"))
    for sounds in ("recordings", "录音文件夹"):
        for name in ("alarm", "doorbell", "siren"):
            _recording(folder / sounds / f"{name}.wav", name)
    for sounds in ("examples", "示例"):
        for name in ("alarm", "doorbell"):
            _recording(folder / sounds / name / "1.wav", name)
            _recording(folder / sounds / name / "2.wav", name)
    for sounds in ("quiet", "背景"):
        _recording(folder / sounds / "1.wav", "siren")
    _recording(folder / "2026" / "a.flac", "doorbell")
    labels = ("狗叫", "下雨") if is_chinese(page) else ("dog barking", "rain")
    for name in ("labels", "标签", "first", "second", "写法一", "写法二"):
        phrases = zip(labels, ("a doorbell rings", "a siren wails"), strict=True)
        entries = [{"name": label, "phrases": [phrase]} for label, phrase in phrases]
        text = json.dumps({"labels": entries}, ensure_ascii=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    truth = ["recording,label"]
    for sound, label in (("doorbell", labels[0]), ("siren", labels[1]), ("alarm", "")):
        for take in range(10):  # as many as thresholds need
            _recording(folder / "takes" / f"{sound}-{take}.wav", sound)
            truth.append(f"takes/{sound}-{take}.wav,{label}")
    for name in ("truth.csv", "答案.csv"):
        (folder / name).write_text("\n".join(truth), encoding="utf-8")
    for name in ("more.txt", "其他.txt"):
        (folder / name).write_text("recordings/siren.wav\n", encoding="utf-8")
    if "reviewing" in page:
        rows = [",".join(COLUMNS), "recordings/siren.wav,rain,0.5,ambiguous,dog barking,0.4"]
        (folder / "results.csv").write_text("\n".join(rows), encoding="utf-8")


_SOUNDS = {"doorbell": "doorbell", "street": "street", "街道": "street"}


def _recording(path: Path, sound: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(example_wav(sound))
