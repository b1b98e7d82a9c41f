import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.batch import Row
from anysound.batch.tables.columns import COLUMNS
from anysound.language import use
from tests.batch.making import names_in
from tests.batch.tables.making import DECEPTIVE, FAILED, FULL, NO_UNICODE, write_table

LIMIT = 32_767

# Excel's own: _x0041_ in a file is an A in a cell.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def shown(text: str | None) -> str:
    """What Excel shows of a text that openpyxl reads as it is in the file."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text or "")


def labels_in(output: Path) -> list[str]:
    return [shown(row[1].value) for row in openpyxl.load_workbook(output).active.iter_rows(2)]


@pytest.fixture(autouse=True)
def english():
    with use("en"):
        yield


def test_numbers_texts_and_a_header_that_stays(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_table(tmp_path / "out.xlsx", [FULL, FAILED])).active
    header, full, failed = sheet.iter_rows()
    assert [cell.value for cell in header] == list(COLUMNS)
    assert all(cell.font.bold for cell in header)
    assert not any(cell.font.bold for cell in full)
    assert sheet.freeze_panes == "B2"
    assert [(cell.value, cell.data_type) for cell in full] == [
        ("b/狗.wav", "s"),
        ("狗叫", "s"),
        (0.923457, "n"),
        ("match", "s"),
        ("rain", "s"),
        (1.23457e-07, "n"),
        (0.5, "n"),
        (12.346, "n"),
        (None, "n"),
        ("dog barking | a bark", "s"),
        (0.333, "n"),
        (10.333, "n"),
    ]
    assert {cell.value for cell in failed} == {"bad.wav", "bad.wav: empty", None}


def test_a_text_is_never_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    texts = [text for text in DECEPTIVE if text]
    output = write_table(tmp_path / "out.xlsx", [Row("a.wav", text) for text in texts])
    with zipfile.ZipFile(output) as whole:
        assert not [name for name in whole.namelist() if "rels" in name and "sheet" in name]
        sheet = ElementTree.fromstring(whole.read("xl/worksheets/sheet1.xml"))
    assert {cell.get("t") for cell in sheet.iter(f"{_MAIN}c")} == {"inlineStr"}
    assert not list(sheet.iter(f"{_MAIN}f"))
    assert not list(sheet.iter(f"{_MAIN}hyperlink"))
    raw = "<r><t>a</t></r>"  # needs a blank behind it
    assert labels_in(output) == [f"{text} " if text == raw else text for text in texts]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=20))
def test_any_text_makes_a_workbook_that_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    output = tmp_path_factory.mktemp("any") / "out.xlsx"
    write_table(output, [Row("a.wav", text) for text in texts])
    assert len(labels_in(output)) == len(texts)


@pytest.mark.parametrize("text", ["bell\x07", "nul\0 \x1f", "line\r\nfeed", "\x7f\x85\u2028"])
def test_what_xml_cannot_hold_can_be_had_back(tmp_path: Path, text: str) -> None:
    assert labels_in(write_table(tmp_path / "out.xlsx", [Row("a.wav", text)])) == [text]


def test_what_no_xml_may_hold_is_shown(tmp_path: Path) -> None:
    output = write_table(tmp_path / "out.xlsx", [Row("a.wav", "a\ufffe \uffff")])
    with zipfile.ZipFile(output) as whole:  # Excel is stricter than openpyxl
        assert not set(whole.read("xl/worksheets/sheet1.xml").decode()) & {"\ufffe", "\uffff"}
    assert labels_in(output) == ["a\\ufffe \\uffff"]


def test_a_name_that_is_no_unicode_can_be_read(tmp_path: Path) -> None:
    output = write_table(tmp_path / "out.xlsx", [Row(NO_UNICODE)])
    assert openpyxl.load_workbook(output).active["A2"].value == "caf\\udce9.wav"


@pytest.mark.parametrize("text", ["a" * LIMIT, "🐕" * (LIMIT // 2), "a" * (LIMIT - 1)])
def test_the_longest_text_is_whole(tmp_path: Path, text: str) -> None:
    assert labels_in(write_table(tmp_path / "out.xlsx", [Row("a.wav", text)])) == [text]


@pytest.mark.parametrize(
    "text",
    ["a" * (LIMIT + 1), "🐕" * LIMIT, "a" + "🐕" * LIMIT, "<r>" + "a" * LIMIT + "</r>"],
)
def test_a_longer_text_is_cut_and_says_so(tmp_path: Path, text: str) -> None:
    (cell,) = labels_in(write_table(tmp_path / "out.xlsx", [Row("a.wav", text)]))
    kept, note = cell.split("…")
    assert text.startswith(kept)
    assert re.fullmatch(r" \(cut for Excel; (\d+) characters in all\)", note)
    assert LIMIT - 1 <= len(cell.encode("utf-16-le")) // 2 <= LIMIT


def test_more_rows_than_a_sheet_has_go_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anysound.batch.tables.excel._MOST_ROWS", 3)
    names = [f"{number}.wav" for number in range(7)]
    book = openpyxl.load_workbook(write_table(tmp_path / "out.xlsx", map(Row, names)))
    assert book.sheetnames == ["anysound", "anysound 2", "anysound 3"]
    found = []
    for sheet in book:
        header, *rows = sheet.iter_rows(values_only=True)
        assert header == tuple(COLUMNS)
        assert sheet.freeze_panes == "B2"
        found.append([row[0] for row in rows])
    assert found == [names[:3], names[3:6], names[6:]]


def test_a_full_sheet_begins_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anysound.batch.tables.excel._MOST_ROWS", 3)
    output = write_table(tmp_path / "out.xlsx", [Row("a.wav")] * 3)
    assert openpyxl.load_workbook(output).sheetnames == ["anysound"]


def test_rows_wait_beside_the_output_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    write_table(tmp_path / "out.xlsx", [FULL, FAILED])
    assert names_in(tmp_path) == ["out.xlsx"]
