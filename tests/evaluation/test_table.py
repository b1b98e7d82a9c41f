"""Tables of true labels, in the forms that people and Excel write them."""

from pathlib import Path

import pytest

from anysound.errors import UsageError
from anysound.evaluation.table import read_table
from anysound.language import use


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "truth.csv"


def pairs(path: Path) -> list[tuple[str, str]]:
    return [(row.recording, row.label) for row in read_table(path).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_separators(path: Path, encoding: str, separator: str, end: str) -> None:
    lines = [["录音", "标签"], ["狗 叫.wav", "狗叫"], ["子/雨.wav", "下雨"]]
    path.write_bytes(end.join(separator.join(line) for line in lines).encode(encoding))
    assert pairs(path) == [("狗 叫.wav", "狗叫"), ("子/雨.wav", "下雨")]
    assert read_table(path).rows[1].path == path.parent / "子/雨.wav"


@pytest.mark.parametrize(
    "header",
    ["recording,label", "file,label", "filename,category", " Recording ,LABEL", "录音,标签"],
)
def test_headers(path: Path, header: str) -> None:
    path.write_text(f"{header}\na.wav,dog\n", encoding="utf-8")
    assert pairs(path) == [("a.wav", "dog")]


def test_columns_in_any_order_with_others_beside_them(path: Path) -> None:
    path.write_text("fold,category,target,filename,group\n1,dog,0,a.wav,s1\n2,cat,5,b.wav,s2\n")
    assert pairs(path) == [("a.wav", "dog"), ("b.wav", "cat")]
    assert [row.group for row in read_table(path).rows] == ["s1", "s2"]


def test_the_table_that_a_batch_wrote(path: Path) -> None:
    # Its cells are made safe for a spreadsheet; whoever corrects the labels gets theirs back.
    path.write_text("recording,label,probability\n./-10 dB.wav,'=dog,0.5\nb.wav,'n' roll,1\n")
    assert [label for _, label in pairs(path)] == ["=dog", "'n' roll"]
    assert read_table(path).rows[0].path == path.parent / "-10 dB.wav"


def test_blank_lines_short_rows_and_excels_hint(path: Path) -> None:
    path.write_text('sep=;\n\nrecording;label;note\na.wav;dog;"one\ntwo"\n;;\nb.wav\n\n')
    assert pairs(path) == [("a.wav", "dog"), ("b.wav", "")]
    assert [row.line for row in read_table(path).rows] == [5, 7]


def test_absolute_and_windows_paths(path: Path) -> None:
    (path.parent / "sub").mkdir()
    (path.parent / "sub" / "a.wav").touch()
    path.write_text("recording,label\n/far/b.wav,x\nsub\\a.wav,x\n")
    assert [row.path for row in read_table(path).rows] == [
        Path("/far/b.wav"),
        path.parent / "sub" / "a.wav",
    ]


def test_what_is_said_twice_counts_once(path: Path) -> None:
    path.write_text("recording,label\na.wav,x\n./a.wav,x\nb.wav,x\n")
    table = read_table(path)
    assert (len(table.rows), table.repeated) == (2, 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"a,b\n1,2\n", "it reads: a,b"),
        (b"recording,label\n", "no recordings below"),
        (b"recording\na.wav\n", "it reads: recording"),
        (b"recording,label\n,dog\n", "line 2 names no recording"),
        (b'recording,label\n"a.wav,dog\n', "quote not closed"),
        (b"recording,label\na.wav,x\na.wav,y\n", "lines 2 and 3 say different things of a.wav"),
        (b"RIFF\0\0\0\0WAVE", "this is no text"),
        (b"PK\x03\x04\xff\xff\x00", "Save the table as CSV"),
        (b"recording,label\n" + b"x" * 200_000 + b",y\n", "field larger than"),
    ],
)
def test_what_is_no_table_is_refused(path: Path, content: bytes, said: str) -> None:
    path.write_bytes(content)
    with use("en"), pytest.raises(UsageError) as caught:
        read_table(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert caught.value.text.en != caught.value.text.zh


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.csv", Path("nul\0.csv")):
        with pytest.raises(UsageError):
            read_table(path)


def test_a_hundred_thousand_rows(path: Path) -> None:
    path.write_text("recording,label\n" + "".join(f"{n}.wav,l{n}\n" for n in range(100_000)))
    assert len(read_table(path).rows) == 100_000


def test_recordings_at_urls(path: Path) -> None:
    path.write_text("recording,label\ns3://bucket/a.wav,dog\nb.wav,rain\n")
    assert [row.path for row in read_table(path).rows] == [
        "s3://bucket/a.wav",
        path.parent / "b.wav",
    ]
