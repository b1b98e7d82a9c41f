import json
import subprocess
import sys

import pytest

from anysound.errors import LabelError
from anysound.labels import (
    Label,
    Place,
    is_label_line,
    parse_labels,
    read_label_text,
    read_labels,
)
from anysound.language import use

LINE = "狗叫=dog barking|!rain *1.5, 叮声(最后 3 秒,清脆)"
EXPECTED = parse_labels(LINE)


@pytest.fixture(autouse=True)
def _english():
    with use("en"):
        yield


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(labels):
    with pytest.raises(LabelError) as caught:
        read_labels(labels)
    assert caught.value.text.zh != caught.value.text.en
    return str(caught.value)


def test_a_line():
    assert read_labels(LINE) == EXPECTED


def test_a_sequence():
    labels = [
        "叮声(最后 3 秒,清脆)",
        Label("猫", ("cat",)),
        {"name": "狗叫", "phrases": "dog barking", "avoid": ["rain"], "weight": 1.5},
    ]
    assert read_labels(labels) == (EXPECTED[1], labels[1], EXPECTED[0])


def test_names_in_a_sequence_are_not_split():
    names = ["a, b = c|d * 2", "!x", "back\\slash", "half (open", 'say "', '"quoted"']
    assert [label.name for label in read_labels(names)] == names


def test_names_in_a_sequence_form_groups():
    first, second = read_labels(["故障(轻微)", "故障(严重)"])
    assert first.group == second.group == "故障"


YAML = """\
labels:
  - name: 狗叫
    phrases: [dog barking]
    avoid: [rain]
    weight: 1.5
  - 叮声(最后 3 秒,清脆)
"""


@pytest.mark.parametrize("suffix", ["yaml", "yml", "YAML"])
def test_yaml(tmp_path, suffix):
    path = write(tmp_path / f"标 签.{suffix}", YAML)
    assert read_labels(str(path)) == EXPECTED
    assert read_labels(f"@{path}") == EXPECTED


def test_json(tmp_path):
    path = write(
        tmp_path / "labels.json", json.dumps({"labels": [label.to_dict() for label in EXPECTED]})
    )
    assert read_labels(str(path)) == EXPECTED


@pytest.mark.parametrize(
    "content",
    ["- a\n- b", "a:\nb:", "a: a\nb: [b]", "labels: {a: {phrases: a}, b: null}", "[a, b]"],
)
def test_short_forms(tmp_path, content):
    path = write(tmp_path / "labels.yaml", content)
    assert read_labels(str(path)) == (Label("a", ("a",)), Label("b", ("b",)))


def test_text(tmp_path):
    content = (
        "# what we listen for\n\n狗叫=dog barking|!rain *1.5\n  # more\n叮声(最后 3 秒,清脆),\n"
    )
    for name in ("labels.txt", "labels"):
        path = write(tmp_path / name, content)
        assert read_labels(f"@{path}") == EXPECTED
    assert read_labels(str(tmp_path / "labels.txt")) == EXPECTED


def test_a_number_sign_within_a_line_is_text(tmp_path):
    path = write(tmp_path / "labels.txt", "pump #2 knocking")
    assert read_labels(str(path))[0].name == "pump #2 knocking"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize(("name", "content"), [("l.txt", LINE), ("l.yaml", YAML)])
def test_encodings(tmp_path, encoding, name, content):
    path = write(tmp_path / name, content.replace("\n", "\r\n").encode(encoding))
    assert read_labels(str(path)) == EXPECTED


def test_a_path_needs_an_at_sign_if_it_could_be_labels(tmp_path):
    path = write(tmp_path / "a, b.txt", "狗叫")
    assert [label.name for label in read_labels(str(path))] == [str(tmp_path / "a"), "b.txt"]
    assert [label.name for label in read_labels(f"@{path}")] == ["狗叫"]


@pytest.mark.parametrize(
    ("when", "place"),
    [
        ("last 0.5 s", Place(0.0, 0.5, "end")),
        ("开头 3 秒", Place(0.0, 3.0)),
        ({"start": 1, "end": 2.5}, Place(1.0, 2.5)),
        ({"end": 2, "anchor": "end"}, Place(0.0, 2.0, "end")),
        ("at the end", Place(0.0, 1.0, "end")),
        ({"start": 3, "end": None}, Place(3.0, None)),
        (Place(1.0, 2.0), Place(1.0, 2.0)),
        (None, None),
    ],
)
def test_when(when, place):
    (label,) = read_labels([{"name": "叮(最后 9 秒)", "when": when}])
    assert label.when == place


def test_what_is_said_outright_goes_before_the_name():
    (label,) = read_labels(
        [{"name": "叮(无音乐,响)", "avoid": ["x"], "group": "g", "qualifiers": ["q"]}]
    )
    assert (label.avoid, label.group, label.qualifiers) == (("x",), "g", ("q",))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([], "no labels"),
        (7, "labels must be a list of labels, and it is int"),
        (b"dog", "labels must be a list of labels, and it is bytes"),
        (["a", 7], "labels[1] must be a name or a mapping, and it is int"),
        (["a", ""], "labels[1].name is empty"),
        ([{}], "labels[0].name must be text, in quotes, and it is nothing"),
        ([{"name": False}], "labels[0].name must be text, in quotes, and it is bool"),
        ([{"name": "a", "weigth": 2}], "labels[0].weigth is unknown: the keys here are name,"),
        ([{"name": "a", "phrases": 1}], "labels[0].phrases must be text or a list of texts"),
        ([{"name": "a", "phrases": ["b", None]}], "labels[0].phrases[1] must be text"),
        ([{"name": "a", "avoid": [" "]}], "labels[0].avoid[0] is empty"),
        (["a", "b", {"name": "c", "weight": "2"}], "labels[2].weight must be a number"),
        ([{"name": "a", "weight": True}], "labels[0].weight must be a number, and it is bool"),
        ([{"name": "a", "weight": 0}], "labels[0].weight: A weight must be"),
        ([{"name": "a", "weight": 10**400}], "labels[0].weight: A weight must be"),
        ([{"name": "a", "weight": float("nan")}], "labels[0].weight: A weight must be"),
        ([{"name": "a", "when": "soon"}], "labels[0].when: This is no place in time"),
        ([{"name": "a", "when": "0:15-0:10"}], "labels[0].when: This place in time ends before"),
        ([{"name": "a", "when": 10}], "labels[0].when must be text"),
        ([{"name": "a", "when": {"from": 1}}], "labels[0].when.from is unknown"),
        ([{"name": "a", "when": {"start": 2, "end": 1}}], "labels[0].when needs a start"),
        ([{"name": "a", "when": {"start": -1}}], "labels[0].when needs a start"),
        ([{"name": "a", "when": {"end": float("nan")}}], "labels[0].when needs a start"),
        ([{"name": "a", "when": {"anchor": "middle"}}], "labels[0].when.anchor is either"),
        ([{"name": "a", "when": {"anchor": []}}], "labels[0].when.anchor is either"),
        (
            [{"name": "a", "when": {"end": 601, "anchor": "end"}}],
            "labels[0].when: A place can reach",
        ),
        ([{"name": "a", "group": 1}], "labels[0].group must be text"),
        (["a(0:15-0:10)"], "labels[0]: This place in time ends before"),
        (["a", {"name": "a", "phrases": "b"}], "labels[1]: An earlier label has the same name"),
        (["d\x1b[0m"], "labels[0].name: Labels can't have the control character U+001B"),
        (["x" * 201], "labels[0]: This is 201 characters long"),
        ({"labels": ["a"], "model": "x"}, "model is unknown"),
        ({"a": 1}, "labels.a.phrases must be"),
        (["a"] * 1001, "more than 1000 labels"),
    ],
)
def test_wrong_data(labels, message):
    assert message in refused(labels)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("l.yaml", "", "labels must be a list of labels, and it is nothing"),
        ("l.yaml", "labels: []", "no labels"),
        ("l.yaml", "labels: [a", "not well-formed YAML"),
        ("l.yaml", "a: !!python/object/apply:os.getcwd []", "not well-formed YAML"),
        ("l.yaml", "[" * 5000, "not well-formed YAML"),
        ("l.yaml", "- 2020-99-99", "not well-formed YAML"),
        ("l.yaml", "- " + "9" * 5000, "not well-formed YAML"),
        ("l.yaml", "- 1" + ":1" * 500_000, "a number with colons in it"),
        ("l.yaml", "- a\n- name: b\n  weight: x", "l.yaml: labels[1].weight must be a number"),
        ("l.yaml", "- a(0:2-0:1)\n- no", "l.yaml: labels[1] must be a name"),
        ("l.json", "{", "not well-formed JSON"),
        ("l.json", "[" * 100_000, "not well-formed JSON"),
        ("l.json", '[{"name": "a", "weight": NaN}]', "l.json: labels[0].weight: A weight"),
        ("l.txt", "# nothing\n", "l.txt: There are no labels"),
        ("l.txt", "狗\n# x\n猫=", "l.txt, line 3: A phrase is missing"),
        ("l.txt", "a=b\na=c", "l.txt, line 2: An earlier label has the same name"),
        ("l.txt", b"\xff\xff\xff", "save it as UTF-8"),
        ("l.txt", b"\xff\xfe\x00", "save it as UTF-8"),
        ("l.txt", b"a\x00b", "U+0000"),
        ("l.txt", "a" * 2_100_000, "larger than 2048 KiB"),
    ],
)
def test_wrong_file(tmp_path, name, content, message):
    assert message in refused(str(write(tmp_path / name, content)))


def test_shared_lists_do_not_multiply(tmp_path):
    bomb = f"x: &x [{','.join('p' * 3 for _ in range(20_000))}]\n" + "\n".join(
        f"y{n}: *x" for n in range(500)
    )
    assert "phrases" in refused(str(write(tmp_path / "l.yaml", bomb)))


@pytest.mark.parametrize("text", ["missing.yaml", "@missing", "@", "@/", "@a\0b"])
def test_unreadable_file(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    assert "can't be read" in refused(text)


def test_an_escaped_at_sign_begins_a_name():
    assert read_labels(r"\@home")[0].name == "@home"


def test_yaml_is_imported_only_for_a_file():
    code = (
        "import sys; from anysound.labels import read_labels; read_labels('狗叫, 下雨');"
        "sys.exit('yaml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_label_set_is_not_read_again() -> None:
    labels = parse_labels("dog barking, rain(heavy) *2")
    assert read_labels(labels) is labels
    assert read_labels(list(labels)) == labels


@pytest.mark.parametrize("name", ["", "标签.yaml", "a/labels.YML"])
def test_the_text_of_a_yaml_file(name):
    assert read_label_text("\ufeff# mine\r\n---\n" + YAML, name) == EXPECTED


@pytest.mark.parametrize("name", ["", "labels.json"])
def test_the_text_of_a_json_file(name):
    content = [label.to_dict() for label in EXPECTED]
    for text in (json.dumps({"labels": content}), json.dumps(content, indent=1)):
        assert read_label_text(text, name) == EXPECTED


def test_text_without_a_form_is_typed_labels():
    assert read_label_text(LINE) == EXPECTED
    assert read_label_text(LINE.replace(", 叮", "\n叮")) == EXPECTED
    assert read_label_text(f"# mine\n{LINE}", "labels.txt") == EXPECTED
    assert read_label_text("[bright] bell, dog")[1].name == "dog"


@pytest.mark.parametrize("text", ["@{}", "{}", "labels: ['@{}']", '["{}"]', "- name: '{}'"])
def test_text_never_opens_a_file(tmp_path, text):
    path = write(tmp_path / "secret.yaml", "- found")
    (label,) = read_label_text(text.format(path))
    assert label.name.endswith("secret.yaml")


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "", "no labels"),
        ("", "l.json", "l.json is not well-formed JSON"),
        ("{", "", "not well-formed JSON"),
        ("labels: [", "", "not well-formed YAML"),
        ("labels: a", "", "labels must be a list of labels, and it is str"),
        ("- a\n- weight: 2", "d/l.yaml", "l.yaml: labels[1].name must be text"),
        ("狗\n猫=", "l.txt", "l.txt, line 2: A phrase is missing"),
        ("a" * 3_000_000, "l.yaml", "larger than 2048 KiB"),
        ("a" * 3_000_000, "", "longer than"),
        ("labels:\n" + "- a\n" * 600_000, "", "larger than 2048 KiB"),
        ('{"x":' * 100_000, "", "not well-formed JSON"),
    ],
)
def test_wrong_text(text, name, message):
    with pytest.raises(LabelError) as caught:
        read_label_text(text, name)
    assert message in str(caught.value)
    assert caught.value.text.zh != caught.value.text.en


def test_merged_mappings_do_not_multiply():
    bomb = "labels:\n- &a0 {name: a}\n" + "".join(
        f"- &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12)
    )
    (label,) = read_label_text(bomb)
    assert label.phrases == ("a",)


@pytest.mark.parametrize(
    "text",
    [
        *("dog barking, rain", LINE, "", "\ufeffdog", "[rain", "[雨](大)", "# a comment\ndog"),
        *("labelled: dog", "-dog", "dog\n- rain", '"["'),
    ],
)
def test_a_text_that_is_a_line(text: str) -> None:
    assert is_label_line(text)


@pytest.mark.parametrize(
    "text",
    [
        *("labels:\n- dog", "- dog\n- rain", "\ufeff# a comment\n\n---\nlabels: [dog]"),
        *('{"labels": ["dog"]}', '["dog", "rain"]', '[{"name": "dog"}]', '[\n  "dog"\n]'),
    ],
)
def test_a_text_that_is_a_label_file(text: str) -> None:
    assert not is_label_line(text)
    assert next(label.name for label in read_label_text(text)) == "dog"
