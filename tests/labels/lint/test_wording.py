"""What lint finds in the words of labels."""

import pytest

from anysound.labels import parse_labels
from anysound.labels.lint import check_translation, check_wording
from anysound.labels.lint.wording import is_abstract
from anysound.labels.translation import LexiconTranslator


def kinds(line: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in check_wording(parse_labels(line)):
        for name in finding.labels or ("",):
            found.setdefault(name, []).append(finding.kind)
    return found


WRONG = [
    ("异常, 正常", {"异常": "abstract", "正常": "abstract"}),
    ("呼吸音, 心音", {"呼吸音": "broad", "心音": "broad"}),
    ("人声, 交通", {"人声": "broad", "交通": "broad"}),
    ("故障, 正常, 报警", {"故障": "abstract", "正常": "abstract", "报警": "abstract"}),
    ("HVAC noise, rain, wind", {"HVAC noise": "abbreviation"}),
    ("SCADA alarm, rain, wind", {"SCADA alarm": "abbreviation"}),
    (
        "abnormal machine sound, normal operation, rain",
        {"abnormal machine sound": "abstract", "normal operation": "abstract"},
    ),
    ("非激光, 风声, 雨声", {"非激光": "negation"}),
    ("not a laser, wind, rain", {"not a laser": "negation"}),
    ("机器异常声, 风声, 雨声", {"机器异常声": "abstract"}),
]

RIGHT = [
    "轴承干摩擦尖啸声(高频持续), 齿轮断齿撞击声(短促咔哒), 电机绕组过热嗡鸣(低频沉闷)",
    "支气管呼吸音(强而高调), 湿啰音(水泡破裂声), 第一心音(低钝“lub”), 第二心音(清脆“dup”)",
    "菜市场讨价还价人声(多源混叠), 地铁进站广播(带金属混响), 电动自行车加速蜂鸣(上升调)",
    "轴承故障(严重剥落), 轴承故障(轻微磨损), 正常轴承运转声",
    "婴儿哭声, 微波炉叮声, 消防警报",
    "拍手声, 敲桌子声, 开门声",
    "空调滴水声, 电梯提示音, 扶梯运转声",
    "dog barking, cat meowing, bird chirping",
    "打印机工作声(非激光,无风扇噪音), 机械键盘青轴敲击声(清脆带回弹), 自来水管道流水声(中频平稳)",
    "无人机声, 非洲鼓声, 无线电噪声",
    "no one talking, DJ scratching a record, LED lamp humming",
]


@pytest.mark.parametrize(("line", "expected"), WRONG)
def test_what_is_taught_as_wrong_is_found(line: str, expected: dict[str, str]) -> None:
    found = kinds(line)
    found.pop("", None)
    assert found == {name: [kind] for name, kind in expected.items()}


@pytest.mark.parametrize("line", RIGHT)
def test_what_is_taught_as_right_is_left_alone(line: str) -> None:
    assert kinds(line) == {}


@pytest.mark.parametrize(
    ("count", "kind"), [(1, "few"), (2, "few"), (3, None), (7, None), (8, "many")]
)
def test_three_to_seven_labels(count: int, kind: str | None) -> None:
    line = ", ".join(f"sound {chr(97 + n)} of a bell" for n in range(count))
    assert kinds(line) == ({"": [kind]} if kind else {})


def test_every_rewrite_is_a_label_line_that_lint_likes() -> None:
    for line, _ in WRONG:
        for finding in check_wording(parse_labels(line)):
            if finding.rewrite:
                rewritten = parse_labels(finding.rewrite)
                assert [f for f in check_wording(rewritten) if f.labels] == []


def test_a_rewrite_speaks_the_language_of_the_label() -> None:
    (english,) = [f for f in check_wording(parse_labels("fault, rain, wind")) if f.labels]
    (chinese,) = [f for f in check_wording(parse_labels("故障, 雨, 风")) if f.labels]
    assert (english.rewrite or "声").isascii()
    assert not (chinese.rewrite or "").isascii()


def test_a_rewrite_fits_what_else_is_asked() -> None:
    findings = check_wording(parse_labels("异常, 水泵运转声, 雨声"))
    rewrite = next(finding.rewrite for finding in findings if finding.labels == ("异常",))
    assert "水泵" in (rewrite or "")


def test_a_phrase_of_its_own_speaks_for_a_label() -> None:
    assert kinds("异常=high-pitched squeal, HVAC=low rumble of air ducts, 正常=steady hum") == {}


@pytest.mark.parametrize(
    "name", ["异常", "故障声", "设备异常", "正常运转", "Fault", "abnormal sound"]
)
def test_abstract(name: str) -> None:
    assert is_abstract(name)


@pytest.mark.parametrize(
    "name", ["正常轴承运转声", "轴承故障", "engine failure", "opening", "goodbye", "声音"]
)
def test_not_abstract(name: str) -> None:
    assert not is_abstract(name)


def test_words_without_english_are_named() -> None:
    labels = parse_labels("狗叫声, 㑇㑊声, 雨声")
    (finding,) = check_translation(labels, LexiconTranslator())
    assert finding.labels == ("㑇㑊声",)
    assert "㑇" in finding.what.zh


@pytest.mark.parametrize(
    ("line", "ill", "well"),
    [
        ("不合格, 合格, 雨声", "轴承干摩擦尖啸声", "电机嗡鸣"),
        ("abnormal, normal, rain", "high-pitched dry bearing squeal", "steady low motor hum"),
        ("水泵异常, 正常, 雨声", None, "水泵运转声"),
    ],
)
def test_what_is_well_is_rewritten_as_something_else_than_what_is_ill(line, ill, well) -> None:
    findings = {f.labels[0]: f.rewrite or "" for f in check_wording(parse_labels(line)) if f.labels}
    names = [name.strip() for name in line.split(",")]
    assert ill is None or findings[names[0]].startswith(ill)
    assert findings[names[1]].startswith(well)
