import pytest

from anysound.errors import LabelError
from anysound.labels import Place, parse_labels
from anysound.labels.places import DEFAULT_EXTENT, read_place


def one(line):
    (label,) = parse_labels(line)
    return label


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("最后 0.5 秒", Place(0.0, 0.5, "end")),
        ("最后三秒", Place(0.0, 3.0, "end")),
        ("最后的半秒", Place(0.0, 0.5, "end")),
        ("最后半分钟", Place(0.0, 30.0, "end")),
        ("结尾 200 毫秒", Place(0.0, 0.2, "end")),
        ("后 2 秒", Place(0.0, 2.0, "end")),
        ("开头 3 秒", Place(0.0, 3.0)),
        ("最开头一点五秒", Place(0.0, 1.5)),
        ("前 10 秒", Place(0.0, 10.0)),
        ("前十秒钟内", Place(0.0, 10.0)),
        ("前十五秒", Place(0.0, 15.0)),
        ("前一百二十秒", Place(0.0, 120.0)),
        ("前两秒", Place(0.0, 2.0)),
        ("前 2 分钟", Place(0.0, 120.0)),
        ("开头 1 分 30 秒", Place(0.0, 90.0)),
        ("\u524d\uff11\uff10\u79d2", Place(0.0, 10.0)),
        ("last 0.5 s", Place(0.0, 0.5, "end")),
        ("last half second", Place(0.0, 0.5, "end")),
        ("last half a second", Place(0.0, 0.5, "end")),
        ("in the last second", Place(0.0, 1.0, "end")),
        ("the final 2 minutes", Place(0.0, 120.0, "end")),
        ("first 3 seconds", Place(0.0, 3.0)),
        ("First three secs of the recording", Place(0.0, 3.0)),
        ("first 250 ms", Place(0.0, 0.25)),
        ("last 5s", Place(0.0, 5.0, "end")),
        ("0:10-0:15", Place(10.0, 15.0)),
        ("0\uff1a10\uff5e0\uff1a15", Place(10.0, 15.0)),
        ("from 0:10 to 0:15.5", Place(10.0, 15.5)),
        ("从 1:00 到 1:30", Place(60.0, 90.0)),
        ("1:00:00–1:00:05", Place(3600.0, 3605.0)),
        ("0:10-end", Place(10.0, None)),
        ("at the end", Place(0.0, DEFAULT_EXTENT, "end")),
        ("At the very end of the recording", Place(0.0, DEFAULT_EXTENT, "end")),
        ("at the start", Place(0.0, DEFAULT_EXTENT)),
        ("in the beginning", Place(0.0, DEFAULT_EXTENT)),
        ("最后", Place(0.0, DEFAULT_EXTENT, "end")),
        ("末尾", Place(0.0, DEFAULT_EXTENT, "end")),
        ("在结尾处", Place(0.0, DEFAULT_EXTENT, "end")),
        ("开头", Place(0.0, DEFAULT_EXTENT)),
        ("出现在最开头", Place(0.0, DEFAULT_EXTENT)),
        ("last half-second", Place(0.0, 0.5, "end")),
    ],
)
def test_place(text, place):
    assert read_place(text) == place
    label = one(f"叮声({text})")
    assert label.when == place
    assert label.phrases == ("叮声",)
    assert label.qualifiers == ()


@pytest.mark.parametrize(
    "text",
    [
        "爆炸前 10 秒",
        "刹车后 2 秒",
        "最后 3 秒之前",
        "持续 3 秒",
        "每隔两秒",
        "前奏三声",
        "最后一声",
        "last minute announcements",
        "first 3 sounds",
        "the second door",
        "opening second door",
        "3:2 beat",
    ],
)
def test_what_is_no_place(text):
    assert read_place(text) is None
    label = one(text)
    assert label.when is None
    assert label.phrases == (text,)


@pytest.mark.parametrize(
    ("line", "phrase", "anchor"),
    [
        ("ding at the end", "ding", "end"),
        ("ding at the start of the recording", "ding", "start"),
        ("ding at the end (loud)", "ding(loud)", "end"),
        ("掌声在结尾", "掌声", "end"),
        ("掌声出现在录音的末尾处", "掌声", "end"),
        ("掌声在开头", "掌声", "start"),
    ],
)
def test_an_edge_behind_what_it_places(line, phrase, anchor):
    label = one(line)
    assert label.phrases == (phrase,)
    assert label.when == Place(0.0, DEFAULT_EXTENT, anchor)


@pytest.mark.parametrize(
    "text",
    [
        "at the end",
        "在结尾",
        "开头",
        "电影开头",
        "歌曲结尾处",
        "结尾叮声",
        "the end of the world",
        "bell at the end of the song",
        "engine start",
        "电机(开始)",
        "tapping in the end",
        '"ding at the end"',
    ],
)
def test_an_edge_that_may_be_the_sound_itself_stays_text(text):
    label = one(text)
    assert label.when is None
    assert label.phrases == (text.strip('"'),)


@pytest.mark.parametrize("line", ["ding at the end (last 2 s)", "叮(末尾,最后 2 秒)"])
def test_an_extent_goes_before_the_default(line):
    assert one(line).when == Place(0.0, 2.0, "end")


@pytest.mark.parametrize(
    ("text", "position"), [("叮(最后 11 分钟)", 2), ("ding in the last 601 s", 5)]
)
def test_a_place_reaches_back_only_so_far(text, position):
    assert one("叮(最后 10 分钟)").when == Place(0.0, 600.0, "end")
    with pytest.raises(LabelError, match="10 minutes") as caught:
        parse_labels(text)
    assert caught.value.position == position


def test_more_places_than_can_be_listened_at():
    line = ", ".join(f"叮{n}(0:{n:02}-0:59)" for n in range(50))
    line += ", " + ", ".join(f"铃{n}(1:{n:02}-1:59)" for n in range(50))
    assert len(parse_labels(line)) == 100
    assert len(parse_labels(line + ", 哨(1:49-1:59)")) == 101  # a place that is there already
    with pytest.raises(LabelError, match="100 different places"):
        parse_labels(line + ", 哨(2:00-2:01)")


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("最后三秒的掌声", "掌声"),
        ("掌声的最后三秒", "掌声"),
        ("会议的最后三秒的掌声", "会议的掌声"),
        ("录音前十秒的脚步声", "录音脚步声"),
        ("ding in the last 0.5 s", "ding"),
        ("the last 0.5 s of the elevator ding", "elevator ding"),
        ("door slam, last 2 s", None),
        ("bell 0:10-0:15 ringing", "bell ringing"),
        ("叮(最后 3 秒,清脆)", "叮(清脆)"),
        ("叮(清脆,最后 3 秒,响)", "叮(清脆,响)"),
        ("最后3秒内燃机声", "内燃机声"),
        ("前3秒中央空调声", "中央空调声"),
    ],
)
def test_place_leaves_the_phrase_tidy(line, phrase):
    if phrase is None:
        with pytest.raises(LabelError, match="hear the label by"):
            parse_labels(line)
    else:
        assert one(line).phrases == (phrase,)
        assert one(line).when is not None


@pytest.mark.parametrize(
    ("line", "position"),
    [
        ("叮, 铃(0:15-0:10)", 5),
        ("叮(最后 0 秒)", 2),
        ("叮(0:10-0:10)", 2),
        ("叮(最后 3 秒,开头 3 秒)", 9),
        ("叮(最后 3 秒,开头)", 9),
        ("叮(开头,末尾)", 5),
        ("叮声在结尾(开头)", 6),
        ("最后 3 秒的叮(最后 2 秒)", 9),
    ],
)
def test_contradicting_place(line, position):
    with pytest.raises(LabelError) as caught:
        parse_labels(line)
    assert caught.value.position == position


def test_same_place_twice_is_fine():
    assert one("最后 3 秒的叮(最后三秒)").when == Place(0.0, 3.0, "end")


def test_explicit_phrase_keeps_the_place_of_the_name():
    label = one("结尾叮声(最后 3 秒)=ding")
    assert (label.phrases, label.when) == (("ding",), Place(0.0, 3.0, "end"))


@pytest.mark.parametrize("line", ['"最后 3 秒倒计时"', "最后 3 \\秒倒计时"])
def test_quotes_and_escapes_keep_a_place_as_text(line):
    label = one(line)
    assert label.name == "最后 3 秒倒计时"
    assert (label.phrases, label.when) == (("最后 3 秒倒计时",), None)


@pytest.mark.parametrize(
    ("word", "avoided"),
    [
        ("非激光", "激光"),
        ("非金属", "金属"),
        ("无风扇噪音", "风扇噪音"),
        ("无人声", "人声"),
        ("无缝纫机声", "缝纫机声"),
        ("无心跳声", "心跳声"),
        ("不是雨声", "雨声"),
        ("没有人声", "人声"),
        ("不含音乐", "音乐"),
        ("without fan noise", "fan noise"),
        ("Without any fan noise", "fan noise"),
        ("not laser", "laser"),
        ("not a laser", "laser"),
        ("no music", "music"),
    ],
)
def test_negation(word, avoided):
    label = one(f"声音({word},清脆)")
    assert label.avoid == (avoided,)
    assert label.qualifiers == ("清脆",)
    assert label.phrases == ("声音(清脆)",)


@pytest.mark.parametrize(
    "word",
    [
        "非洲鼓",
        "非常响",
        "非机动车",
        "无线电",
        "无人机",
        "无人驾驶",
        "无声",
        "无规律",
        "无缝",
        "无伴奏合唱",
        "不锈钢",
        "不规则",
        "不断",
        "没有",
        "notification",
        "nothing",
        "nonstop",
        "no one speaking",
        "no 5 pump",
        "not so loud",
        "“无音乐”",
    ],
)
def test_what_is_no_negation(word):
    label = one(f"声音({word})")
    assert label.avoid == ()
    assert label.qualifiers == (word,)
    assert label.phrases == (f"声音({word})",)


def test_negation_counts_in_brackets_only():
    assert one("无人机").avoid == ()
    assert one("without fan noise").phrases == ("without fan noise",)


def test_only_negations_leave_nothing_to_hear():
    with pytest.raises(LabelError) as caught:
        parse_labels("狗叫, (无噪音)")
    assert caught.value.position == 4


def test_brackets_in_brackets_stay_together():
    label = one("鸟叫(高(很高,尖),短)")
    assert label.qualifiers == ("高(很高,尖)", "短")


def test_group_needs_brackets_on_both_sides():
    groups = [label.group for label in parse_labels("dog (big), dog [small], dog, cat (big)")]
    assert groups == ["dog", "dog", None, None]
