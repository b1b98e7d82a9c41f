"""The models on this machine, and those that could be, as the page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from anysound.errors import ModelError
from anysound.labels.lexicon import concepts
from anysound.language import Text, current
from anysound.models import ModelInfo
from anysound.models.bundled.model import WEIGHTS
from anysound.models.clap.family import FAMILY, FamilyMember, member
from anysound.models.load import BUNDLED
from anysound.models.store import Installed, Store
from anysound.models.store.disk import folder_size
from anysound.server.page.texts import models as texts


@dataclass(frozen=True)
class Progress:
    """How far a download is.

    Attributes:
        name: Of the model.
        text: What is being done.
        done: Bytes that are there.
        total: Of how many; 0 if none are counted.
    """

    name: str
    text: Text
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Pulled:
    """A download that is over.

    Attributes:
        name: Of the model.
        problem: Why there is none; None if there is.
    """

    name: str
    problem: Text | None = None


def cards_view(answering: ModelInfo, may_pull: bool, news: Progress | Pulled | None = None) -> str:
    """Show the models in the current language.

    Args:
        answering: The model that answers here.
        may_pull: Whether a model can be downloaded from here.
        news: What goes on with a download.
    """
    installed = _installed()
    mine = "".join(_cards(answering, installed))
    known = {each.id for each in installed} | {answering.id}
    others = [each for each in FAMILY if each.id not in known and not each.warning]
    return (
        f'<div class="as-models">{_news(news)}{mine}</div>'
        f"{_others(others, may_pull and not isinstance(news, Progress))}"
    )


def _installed() -> tuple[Installed, ...]:
    try:
        return Store().installed()
    except ModelError:  # a user without a home: nothing can be installed
        return ()


def _cards(answering: ModelInfo, installed: Sequence[Installed]) -> Iterator[str]:
    sizes = {(each.id, each.revision): each.size for each in installed}
    sizes[BUNDLED, answering.revision] = folder_size(WEIGHTS)
    facts = [
        *_facts_of(answering),
        *_size(sizes.get((answering.id, answering.revision))),
    ]
    yield _card(answering.id, _about(answering.id), texts.ANSWERS, facts, _sounds(answering.id))
    if answering.id != BUNDLED:
        about = texts.BUNDLED_ABOUT
        yield _card(BUNDLED, about, texts.INSTALLED, _size(sizes[BUNDLED, answering.revision]))
    for each in installed:
        if (each.id, each.revision) != (answering.id, answering.revision):
            about = texts.TRANSLATOR_ABOUT if each.kind == "translator" else _about(each.id)
            facts = [
                (texts.REVISION, each.revision[:12]),
                (texts.LICENCE, each.manifest.license or str(texts.UNKNOWN)),
                *_size(each.size),
            ]
            yield _card(each.id, about, texts.INSTALLED, facts)


def _about(id: str) -> Text:
    known = member(id)
    return known.about if known else texts.BUNDLED_ABOUT if id == BUNDLED else texts.OTHER_ABOUT


def _facts_of(info: ModelInfo) -> Iterator[tuple[Text, str]]:
    both = str(Text(en=" and ", zh="、"))
    spoken = both.join((str(texts.ENGLISH), str(texts.CHINESE)))
    yield texts.LANGUAGES, spoken if "zh" in info.languages else str(texts.TRANSLATED)
    yield texts.WINDOW, str(texts.SECONDS).replace("{}", f"{info.unit:g}")
    yield texts.DEVICE, f"{info.device} · {info.precision}"
    yield texts.REVISION, info.revision[:12]
    yield texts.LICENCE, info.license


def _size(size: int | None) -> list[tuple[Text, str]]:
    return [] if size is None else [(texts.SIZE, f"{size / 1e6:.1f} MB")]


def _card(
    name: str, about: Text, state: Text, facts: Sequence[tuple[Text, str]], more: str = ""
) -> str:
    rows = "".join(
        f"<div><dt>{escape(str(key))}</dt><dd>{escape(value)}</dd></div>" for key, value in facts
    )
    return (
        f'<section class="as-card"><header><h3>{escape(name)}</h3>'
        f'<span class="as-badge">{escape(str(state))}</span></header>'
        f'<p>{escape(str(about))}</p><dl class="as-facts">{rows}</dl>{more}</section>'
    )


def _sounds(id: str) -> str:
    """List what the bundled model was taught; the others were taught by free text."""
    if id != BUNDLED:
        return ""
    known = concepts()
    names = sorted((each.zh if current() == "zh" else each.en)[0] for each in known)
    title = str(texts.SOUNDS).replace("{}", str(len(known)))
    listed = escape("、".join(names) if current() == "zh" else ", ".join(names))
    return (
        f"<details><summary>{escape(title)}</summary>"
        f'<p class="as-sounds" tabindex="0">{listed}</p></details>'
    )


def _others(others: Sequence[FamilyMember], may_pull: bool) -> str:
    if not others:
        return ""
    rows = "".join(
        f'<li><div><b>{escape(each.id)}</b><p class="as-small">{escape(str(each.about))}</p></div>'
        f"{_pull_button(each.id) if may_pull else _copy_button(each.id)}</li>"
        for each in others
    )
    how = "" if may_pull else f'<p class="as-small">{escape(str(texts.COMMAND))}</p>'
    return f"<h3>{escape(str(texts.OTHERS))}</h3>{how}<ul class='as-others'>{rows}</ul>"


def _pull_button(id: str) -> str:
    said = escape(f"{texts.PULL} {id}")
    return (
        f'<button type="button" class="as-button" data-pull="{escape(id)}" aria-label="{said}">'
        f"{escape(str(texts.PULL))}</button>"
    )


def _copy_button(id: str) -> str:
    command, copy = escape(f"anysound models pull {id}"), escape(str(texts.COPY))
    return (
        f"<div class='as-command'><code>{command}</code>"
        f'<button type="button" class="as-button as-quiet" data-copy="{command}" '
        f'aria-label="{copy}: {command}">{copy}</button></div>'
    )


def step_view(step: Text, done: int, total: int) -> str:
    """Say what is being done, and how many bytes are there, if they are counted."""
    return f"{step} · {done / 1e6:.0f} / {total / 1e6:.0f} MB" if total else str(step)


def _news(news: Progress | Pulled | None) -> str:
    if news is None:
        return ""
    if isinstance(news, Progress):
        title = escape(str(texts.PULLING).replace("{}", news.name))
        step = escape(step_view(news.text, news.done, news.total))
        share = f' value="{news.done}" max="{news.total}"' if news.total else ""
        return (
            f'<section class="as-card" role="status"><h3>{title}</h3>'
            f'<progress class="as-progress" aria-label="{title}"{share}></progress>'
            f'<p class="as-small">{step}</p></section>'
        )
    if news.problem:
        return (
            f'<div class="as-problem"><h3>{escape(str(texts.FAILED))}</h3>'
            f'<p role="alert">{escape(str(news.problem))}</p></div>'
        )
    said = escape(str(texts.PULLED).replace("{}", news.name))
    command = escape(f"anysound serve --model {news.name}")
    return (
        f'<div class="as-panel as-match" role="status"><p>{said}</p>'
        f"<p><code>{command}</code></p></div>"
    )
