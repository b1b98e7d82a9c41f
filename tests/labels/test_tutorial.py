"""Every label that the tutorial teaches, with what it says about it."""

import pytest

from anysound.labels import Place, parse_labels
from anysound.labels.lint import check_wording
from anysound.labels.translation import LexiconTranslator

TAUGHT = [
    ("异常, 正常", 2),
    ("呼吸音, 心音", 2),
    ("人声, 交通", 2),
    ("故障, 正常, 报警", 3),
    ("轴承干摩擦尖啸声(高频持续), 齿轮断齿撞击声(短促咔哒), 电机绕组过热嗡鸣(低频沉闷)", 3),
    (
        "支气管呼吸音(强而高调), 湿啰音(水泡破裂声), 第一心音(低钝“lub”), 第二心音(清脆“dup”)",
        4,
    ),
    ("菜市场讨价还价人声(多源混叠), 地铁进站广播(带金属混响), 电动自行车加速蜂鸣(上升调)", 3),
    ("键盘敲击声, 机械键盘青轴敲击声(清脆带回弹)", 2),
    ("水流声, 自来水管道流水声(中频平稳)", 2),
    ("HVAC noise, 中央空调系统运行噪音(风管共振低频声)", 2),
    ("SCADA alarm, 工控系统报警声(短促双音‘嘀—嘟’)", 2),
    ("婴儿哭声, 微波炉叮声, 消防警报", 3),
    ("拍手声, 敲桌子声, 开门声", 3),
    ("空调滴水声, 电梯提示音, 扶梯运转声", 3),
    ("dog barking, cat meowing, bird chirping", 3),
    ("地铁进站广播(带混响), 深夜楼道脚步声(穿拖鞋)", 2),
]


OTHERS = (
    "鸟叫, 鸟叫(清脆短促,带颤音)",
    "婴儿哭声, 婴儿哭声(室内,背景有空调低频声)",
    "电梯关门提示音(最后 0.5 秒的‘叮’声), 会议录音开头 3 秒的主持人开场白(带回声)",
    "打印机工作声(非激光,无风扇噪音), 机械键盘青轴敲击声(清脆带回弹)",
    "轴承故障(严重剥落), 轴承故障(轻微磨损), 正常轴承运转声",
)

WRONG = {
    **dict.fromkeys(("异常", "正常", "故障", "报警"), "abstract"),
    **dict.fromkeys(("呼吸音", "心音", "人声", "交通"), "broad"),
    **dict.fromkeys(("HVAC noise", "SCADA alarm"), "abbreviation"),
}
"""What the tutorial calls wrong, and what lint calls it."""


@pytest.mark.parametrize("line", [*(line for line, _ in TAUGHT), *OTHERS])
def test_lint_finds_what_is_taught_to_be_wrong_and_nothing_else(line):
    labels = parse_labels(line)
    found = {name: finding for finding in check_wording(labels) for name in finding.labels}
    names = [label.name for label in labels if label.name in WRONG]
    assert {name: finding.kind for name, finding in found.items()} == {n: WRONG[n] for n in names}
    assert all(finding.rewrite for finding in found.values())


@pytest.mark.parametrize("line", [*(line for line, _ in TAUGHT), *OTHERS])
def test_every_taught_label_has_english(line):
    for label in parse_labels(line):
        for phrase in (*label.phrases, *label.avoid):
            translation = LexiconTranslator().translate(phrase)
            assert translation.unknown == ()
            assert translation.phrases
            assert all(english.isascii() for english in translation.phrases)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(("line", "count"), TAUGHT)
def test_taught_labels_are_heard_as_written(line, count, wide):
    if wide:
        line = line.translate({ord(c): ord(c) + 0xFEE0 for c in ",()"})
    labels = parse_labels(line)
    assert len(labels) == count
    for label in labels:
        assert label.phrases == (label.name,)
        assert label.name in line
        assert bool(label.qualifiers) == label.name.endswith((")", "\uff09"))
        assert (label.avoid, label.when, label.weight) == ((), None, 1.0)


def test_qualifiers():
    plain, qualified = parse_labels("鸟叫, 鸟叫(清脆短促,带颤音)")
    assert plain.qualifiers == ()
    assert qualified.name == "鸟叫(清脆短促,带颤音)"
    assert qualified.qualifiers == ("清脆短促", "带颤音")
    assert (plain.group, qualified.group) == (None, None)


def test_scene():
    (label,) = parse_labels("婴儿哭声(室内,背景有空调低频声)")
    assert label.qualifiers == ("室内", "背景有空调低频声")


def test_places_in_time():
    ding, speaker = parse_labels(
        "电梯关门提示音(最后 0.5 秒的‘叮’声), 会议录音开头 3 秒的主持人开场白(带回声)"
    )
    assert ding.name == "电梯关门提示音(最后 0.5 秒的‘叮’声)"
    assert ding.when == Place(0.0, 0.5, "end")
    assert ding.phrases == ("电梯关门提示音(‘叮’声)",)
    assert ding.qualifiers == ("‘叮’声",)
    assert speaker.when == Place(0.0, 3.0)
    assert speaker.phrases == ("会议录音主持人开场白(带回声)",)


def test_exclusion():
    (label,) = parse_labels("打印机工作声(非激光,无风扇噪音)")
    assert label.name == "打印机工作声(非激光,无风扇噪音)"
    assert label.phrases == ("打印机工作声",)
    assert label.avoid == ("激光", "风扇噪音")
    assert label.qualifiers == ()


def test_group():
    labels = parse_labels("轴承故障(严重剥落), 轴承故障(轻微磨损), 正常轴承运转声")
    assert [label.group for label in labels] == ["轴承故障", "轴承故障", None]


def test_repetition_strengthens():
    labels = parse_labels("狗叫, 下雨, 狗叫")
    assert [(label.name, label.weight) for label in labels] == [("狗叫", 2.0), ("下雨", 1.0)]
