"""What the page shows of a lesson, in the current language."""

from collections.abc import Sequence
from html import escape

from anysound.evaluation import Share
from anysound.language import Text
from anysound.server.page.chart import WAVE, panel
from anysound.server.page.downloads import download_link
from anysound.server.page.lessons import label_file
from anysound.server.page.texts import teach as texts
from anysound.teaching import HeldOut, Teaching

_SHOWN = 20  # recordings that were left out


def nothing_view() -> str:
    """Show that nothing was taught yet."""
    return panel(
        "empty",
        f"{WAVE}<h3>{escape(str(texts.EMPTY_TITLE))}</h3><p>{escape(str(texts.EMPTY))}</p>",
    )


def hearing_view(done: int, total: int) -> str:
    """Show how far the examples have been heard."""
    said = str(texts.HEARING).format(done, total)
    return panel("busy", f'{WAVE}<h3 role="status">{escape(said)}</h3>')


def teaching_view(teaching: Teaching) -> str:
    """Show what was learnt, and what it changes on recordings that were left out."""
    kind, title, explained = _conclusion(teaching)
    recordings = sum(each.recordings for each in teaching.by_label)
    counts = str(texts.COUNTS).format(recordings, len(teaching.by_label), teaching.background)
    return panel(
        kind,
        f"<header><h3>{escape(str(title))}</h3><p>{escape(explained)}</p>"
        f'<p class="as-small">{escape(counts)}</p></header>'
        f"{_tables(teaching)}{_notes(teaching)}{_uses(teaching)}",
    )


def _conclusion(teaching: Teaching) -> tuple[str, Text, str]:
    held_out = teaching.held_out
    if held_out is None:
        return "ambiguous", texts.UNCHECKED, str(texts.UNCHECKED_EXPLAINED)
    if not teaching.helped:
        return "none", texts.NOT_HELPED, str(texts.NOT_HELPED_EXPLAINED)
    if held_out.gained <= held_out.lost:
        counts = (held_out.gained, held_out.lost)
        return "match", texts.SURER, str(texts.SURER_EXPLAINED).format(*counts)
    figures = (held_out.gained, held_out.lost, f"{held_out.p_value:.2g}")
    return "match", texts.HELPED, str(texts.HELPED_EXPLAINED).format(*figures)


def _tables(teaching: Teaching) -> str:
    held_out = teaching.held_out
    if held_out is None:
        return ""
    rows: list[tuple[str, ...]] = [
        (each.name, str(each.recordings), _counted(each.alone), _counted(each.taught))
        for each in teaching.by_label
    ]
    total = str(sum(each.recordings for each in teaching.by_label))
    rows.append((str(texts.RIGHT), total, *map(_with_interval, (held_out.alone, held_out.taught))))
    rows += _background(held_out)
    heads = (texts.LABEL, texts.RECORDINGS, texts.ALONE, texts.TAUGHT)
    title = escape(str(texts.HELD_OUT).format(held_out.folds))
    return (
        f'<p class="as-small">{title}</p>'
        f'<div class="as-table" role="region" tabindex="0" aria-label="{title}"><table><thead><tr>'
        + _cells('th scope="col"', heads)
        + f"</tr></thead><tbody>{''.join(map(_row, rows))}</tbody></table></div>"
    )


def _background(held_out: HeldOut) -> list[tuple[str, ...]]:
    shares = held_out.background_alone, held_out.background_taught
    if not shares[1].total:
        return []
    return [(str(texts.BACKGROUND), str(shares[1].total), *map(_with_interval, shares))]


def _row(cells: Sequence[str]) -> str:
    return f"<tr>{_cells('td', cells)}</tr>"


def _cells(tag: str, cells: Sequence[str | Text]) -> str:
    """Return cells; how many recordings there are is left out where there is less room."""
    classes = ("as-label", "as-less", "", "")
    return "".join(
        f'<{tag} class="{each}">{escape(str(cell))}</{tag[:2]}>'
        for each, cell in zip(classes, cells, strict=True)
    )


def _counted(share: Share) -> str:
    return f"{share.count} / {share.total}" if share.total else "–"


def _with_interval(share: Share) -> str:
    if share.interval is None or share.value is None:
        return "–"
    low, high = share.interval
    return f"{_counted(share)} = {share.value:.0%} ({low:.0%}–{high:.0%})"


def _notes(teaching: Teaching) -> str:
    left_out = (
        Text(en=f"{texts.LEFT_OUT.en}: {each.en}", zh=f"{texts.LEFT_OUT.zh}：{each.zh}")
        for each in teaching.failed[:_SHOWN]
    )
    notes = [*teaching.warnings, *teaching.notes, *left_out]
    if not notes:
        return ""
    items = "".join(f"<li>{escape(str(each))}</li>" for each in notes)
    title = escape(str(texts.NOTES))
    return f'<div class="as-warnings" role="note"><b>{title}</b><ul>{items}</ul></div>'


def _uses(teaching: Teaching) -> str:
    content = label_file(teaching)
    return (
        '<div class="as-row as-copies">'
        f'<button type="button" class="as-button" data-labels="{escape(content.decode())}">'
        f"{escape(str(texts.USE))}</button>"
        f"{download_link(texts.YAML, 'labels.yaml', content)}</div>"
    )
