"""Build the documentation as a site, in both languages, without a network.

    python -m tools.docs_site [--output build/docs]

The pages are those of ``docs``, which can be read as they are. For each language they are laid out
in a folder of its own, ``X.zh-CN.md`` as ``X.md``, with the few pages from elsewhere that they link
to, and Sphinx makes HTML of them. A warning is an error.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from anysound.language import Language, Text
from tools.markdown import write_where_asked

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

CHAPTERS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        Text(en="First steps", zh="入门"),
        ("start", "labels", "answers", "models", "troubleshooting"),
    ),
    (
        Text(en="Recordings", zh="录音"),
        ("long-recordings", "folders", "archive", "object-storage", "cluster"),
    ),
    (
        Text(en="Live, and by example", zh="监听与示例"),
        ("live", "teaching", "reviewing", "measuring"),
    ),
    (Text(en="For others", zh="给别人用"), ("page", "server", "serving", "docker")),
    (Text(en="Reference", zh="参考"), ("commands", "http", "python")),
    (
        Text(en="Background", zh="背景"),
        ("how-it-works", "performance", "model-card", "contributing", "changelog"),
    ),
)
"""The table of contents. A page that isn't in it is reached from others."""

ELSEWHERE = {
    ROOT / "src/anysound/models/bundled/weights/CARD.md": "model-card.md",
    ROOT / "CHANGELOG.md": "changelog.md",
    ROOT / "SECURITY.md": "security.md",
    ROOT / "THIRD_PARTY.md": "third-party.md",
    ROOT / "benchmarks/README.md": "benchmarks.md",
    ROOT / "training/README.md": "training.md",
    DOCS / "structure.md": "structure.md",
}
"""Pages that are there in English only, by what they are called on the site."""

_CHINESE = ".zh-CN"
_OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", flags=re.M | re.S)


def build(output: Path) -> None:
    """Build the site, and a first page that chooses the language.

    Raises:
        subprocess.CalledProcessError: Sphinx complained; it has said of what.
    """
    for language in _OTHER:
        with TemporaryDirectory() as folder:
            lay_out(language, Path(folder))
            _run_sphinx(language, Path(folder), output / language)
    (output / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><title>anysound</title><script>location.replace('
        '(navigator.language.startsWith("zh") ? "zh" : "en") + "/index.html")</script>'
        '<a href="en/index.html">English</a> <a href="zh/index.html">中文</a>\n',
        encoding="utf-8",
    )


def lay_out(language: Language, folder: Path) -> None:
    """Write the pages of a language, under the names that they have on the site.

    Raises:
        LookupError: A link leads to what is no page of the site.
    """
    for path in (*DOCS.glob("*.md"), *DOCS.glob("*.rst"), *ELSEWHERE):
        if path.is_file() and (path in ELSEWHERE or language_of(path) == language):
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".md":
                text = "".join(_with_links(text, path, language))
            (folder / name_of(path)).write_text(text, encoding="utf-8")
    for path in (*DOCS.glob("*.png"), *DOCS.glob("*.txt")):
        shutil.copy(path, folder)
    with (folder / "index.md").open("a", encoding="utf-8") as index:
        pages = {path.stem for path in folder.iterdir() if path.suffix in (".md", ".rst")}
        index.write(_contents(language, pages))


def language_of(path: Path) -> Language:
    """Return the language of a page of ``docs``."""
    return "zh" if path.stem.endswith(_CHINESE) else "en"


def name_of(path: Path) -> str:
    """Return what a page is called on the site."""
    return ELSEWHERE.get(path) or path.name.replace(_CHINESE, "")


def _with_links(text: str, path: Path, language: Language) -> Iterator[str]:
    """Give a page with its links as they are on the site; code stays as it is."""
    at = 0
    for code in _FENCED.finditer(text):
        yield _LINK.sub(lambda link: _link(link, path, language), text[at : code.start()])
        yield code[0]
        at = code.end()
    yield _LINK.sub(lambda link: _link(link, path, language), text[at:])


def _link(link: re.Match[str], path: Path, language: Language) -> str:
    words, (place, hash_, heading) = link[1], link[2].partition("#")
    if "://" in place or not place:
        return link[0]
    target = (path.parent / place).resolve()
    if target in (ROOT / "README.md", ROOT / "README.zh-CN.md"):
        target = DOCS / target.name.replace("README", "index")
    if target in ELSEWHERE:
        return f"[{words}]({ELSEWHERE[target]}{hash_}{heading})"
    if target.is_dir() or target.parent != DOCS or not target.exists():
        if path in ELSEWHERE and target.exists():
            return words  # of a page that was written for readers of the code
        raise LookupError(f"{path}: {link[0]} leads to no page of the site")
    if language_of(target) == language:
        return f"[{words}]({name_of(target)}{hash_}{heading})"
    page = Path(name_of(target)).with_suffix(".html")
    return f'<a href="../{_OTHER[language]}/{page}{hash_}{heading}">{words}</a>'


def _contents(language: Language, pages: set[str]) -> str:
    """Return tables of contents for Sphinx, of the pages that are there."""
    trees = [
        f":hidden:\n:caption: {getattr(caption, language)}\n\n" + "\n".join(some)
        for caption, names in CHAPTERS
        if (some := [name for name in names if name in pages])
    ]
    listed = {name for _, names in CHAPTERS for name in names} | {"index", "python_rooms"}
    trees.append(":hidden:\n\n" + "\n".join(sorted(pages - listed)))
    return "".join(f"\n```{{toctree}}\n{tree}\n```\n" for tree in trees)


def _run_sphinx(language: Language, source: Path, output: Path) -> None:
    chinese = ("-D", "language=zh_CN") if language == "zh" else ()
    how = ("--builder", "html", "--fail-on-warning", "--keep-going", "--quiet", "--fresh-env")
    places = ("-c", str(DOCS), "-d", str(source / ".doctrees"), str(source), str(output))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            *how,
            "-A",
            f"other={_OTHER[language]}",
            *chinese,
            *places,
        ],
        env={**os.environ, "ANYSOUND_LANG": "en"},
        check=True,
    )


if __name__ == "__main__":
    write_where_asked(__doc__, build, "build/docs")
