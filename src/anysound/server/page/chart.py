"""What the page shows for a result, as HTML in the current language.

Whatever a user typed or a file is called is escaped here.
"""

import csv
import io
import json
from collections.abc import Sequence
from html import escape

from anysound.language import Text
from anysound.results import Classification, Score
from anysound.scoring import GroupScore
from anysound.server.page import texts
from anysound.server.page.picture import Picture, picture_view
from anysound.server.page.texts import picture as picture_texts
from anysound.writing import disarmed

_BADGES = {"match": texts.MATCH, "ambiguous": texts.AMBIGUOUS, "none": texts.NONE}
_EXPLAINED = {
    "match": texts.MATCH_EXPLAINED,
    "ambiguous": texts.AMBIGUOUS_EXPLAINED,
    "none": texts.NONE_EXPLAINED,
}
WAVE = '<div class="as-wave" aria-hidden="true">' + "<i></i>" * 9 + "</div>"


def empty_view() -> str:
    """Show that there is no result yet, and what to do."""
    return panel(
        "empty",
        f"{WAVE}<h3>{escape(str(texts.EMPTY_TITLE))}</h3><p>{escape(str(texts.EMPTY))}</p>",
    )


def busy_view() -> str:
    """Show that the answer is being computed."""
    return panel("busy", f"{WAVE}<h3>{escape(str(texts.BUSY))}</h3>")


def problem_view(problem: Text) -> str:
    """Show what went wrong; lines after the first are set in columns, as a place is pointed at."""
    message, _, place = str(problem).partition("\n")
    shown = f"<pre>{escape(place)}</pre>" if place else ""
    return panel(
        "problem",
        f'<h3>{escape(str(texts.PROBLEM_TITLE))}</h3><p role="alert">{escape(message)}</p>{shown}',
    )


def result_view(result: Classification, picture: Picture | None = None) -> str:
    """Show a result as a ranked picture with its numbers.

    Args:
        result: What is shown.
        picture: The recording itself, under it.
    """
    return panel(
        result.verdict,
        _verdict(result)
        + _ranking(result)
        + (_recording(result, picture) if picture else "")
        + _facts(result)
        + _copies(result),
    )


def _recording(result: Classification, picture: Picture) -> str:
    said = escape(str(picture_texts.EXPLAINED))
    button = ""
    if result.telling:
        start, end = result.telling
        button = (
            f'<button type="button" class="as-button as-play" data-from="{start:.3f}" '
            f'data-until="{end:.3f}">{escape(str(picture_texts.PLAY_TELLING))}</button>'
        )
        said = f"{escape(str(picture_texts.MARKED))} {said}"
    return (
        f'<div class="as-drawn">{picture_view(picture, result.telling)}'
        f'<div class="as-row">{button}<p class="as-small">{said}</p></div></div>'
    )


def _copies(result: Classification) -> str:
    copies = (
        (texts.COPY_JSON, json.dumps(result.to_dict(), ensure_ascii=False, indent=1)),
        (texts.COPY_CSV, scores_csv(result)),
    )
    buttons = "".join(
        f'<button type="button" class="as-button as-quiet" data-copy="{escape(content)}">'
        f"{escape(str(name))}</button>"
        for name, content in copies
    )
    return f'<div class="as-row as-copies">{buttons}</div>'


def scores_csv(result: Classification) -> str:
    """Return the ranking as CSV, in which no text is a formula."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(("label", "probability", "similarity", "heard_as"))
    for score in result.scores:
        similarity = "" if score.similarity is None else f"{score.similarity:.6g}"
        heard_as = disarmed(" | ".join(score.phrases))
        rows.writerow((disarmed(score.label), f"{score.probability:.6g}", similarity, heard_as))
    return table.getvalue()


def panel(kind: str, content: str) -> str:
    """Return content in the frame that all results have."""
    return f'<div class="as-panel as-{kind}">{content}</div>'


def _verdict(result: Classification) -> str:
    names = [score.label for score in result.scores[: 2 if result.verdict == "ambiguous" else 1]]
    title = escape(str(texts.AND)).join(f"<b>{escape(name)}</b>" for name in names)
    badge = escape(str(_BADGES[result.verdict]))
    words = str(_EXPLAINED[result.verdict])
    if result.clear_group:
        words = str(texts.GROUP_CLEAR_EXPLAINED).replace("{}", result.clear_group)
    explained = f"<p>{escape(words)}</p>" if len(result.scores) > 1 else ""
    if result.advice:
        explained += f'<p class="as-small">{escape(str(result.advice))}</p>'
    return f'<header><span class="as-badge">{badge}</span><h3>{title}</h3>{explained}</header>'


def _ranking(result: Classification) -> str:
    rows = "".join(_row(score) for score in result.scores)
    explained = escape(str(texts.FIGURES_EXPLAINED))
    return (
        f'<ol class="as-ranking">{rows}</ol>{_groups(result.groups)}'
        f'<p class="as-small">{explained}</p>'
    )


def _groups(groups: Sequence[GroupScore]) -> str:
    if not groups:
        return ""
    items = "".join(
        f"<li>{escape(group.group)} <b>{group.probability:.1%}</b></li>" for group in groups
    )
    return f'<div class="as-groups"><b>{escape(str(texts.GROUPS))}</b><ul>{items}</ul></div>'


def _row(score: Score) -> str:
    percent = f"{score.probability:.1%}"
    similarity = "–"
    if score.similarity is not None:
        similarity = f"{score.similarity:.2f}".replace("-", "−")
    return (
        f'<li><span class="as-name">{escape(score.label)}</span>'
        f'<span class="as-percent"><span class="as-unseen">{escape(str(texts.PROBABILITY))} </span>'
        f"{percent}</span>"
        f'<span class="as-bar" aria-hidden="true">'
        f'<i style="width:{score.probability:.2%}"></i></span>'
        f'<span class="as-small as-phrases">{_notes(score)}</span>'
        f'<span class="as-small as-similarity">'
        f"{escape(str(texts.SIMILARITY))} {similarity}</span></li>"
    )


def _notes(score: Score) -> str:
    """Say what a label was heard by, where, and what lowered it."""
    notes = []
    if score.phrases != (score.label,):
        notes.append(f"{texts.HEARD_AS} {' | '.join(score.phrases)}")
    if score.span and score.span[0] < score.span[1]:  # not outside the recording
        notes.append(f"{texts.LOOKED_FOR_IN} {score.span[0]:.2f}–{score.span[1]:.2f} s")
    if score.avoided:
        notes.append(f"{texts.LOWERED_BY} {' | '.join(score.avoided)}")
    return escape(" · ".join(notes))


def _facts(result: Classification) -> str:
    facts = (
        (texts.RECORDING, f"{result.recording} ({result.duration:.2f} s)"),
        (texts.ANALYSED, ", ".join(f"{a:.2f}–{b:.2f} s" for a, b in result.analysed)),
        *_telling(result),
        (texts.MODEL, f"{result.model} · {result.revision} · {result.precision}"),
    )
    rows = "".join(
        f"<div><dt>{escape(str(name))}</dt><dd>{escape(value)}</dd></div>" for name, value in facts
    )
    hint = f'<p class="as-small as-hint">{escape(str(result.hint))}</p>' if result.hint else ""
    return f'{warnings_view(result.warnings)}<dl class="as-facts">{rows}</dl>{hint}'


def _telling(result: Classification) -> tuple[tuple[Text, str], ...]:
    if not result.telling:
        return ()
    start, end = result.telling
    return ((texts.TELLING, f"{start:.2f}–{end:.2f} s"),)


def warnings_view(warnings: Sequence[Text]) -> str:
    """Show what the user should know."""
    if not warnings:
        return ""
    items = "".join(f"<li>{escape(str(warning))}</li>" for warning in warnings)
    title = escape(str(texts.WARNINGS))
    return f'<div class="as-warnings" role="note"><b>{title}</b><ul>{items}</ul></div>'
