"""LAION's CLAP models on the hub, and what is known of each beside its files."""

from dataclasses import dataclass

from anysound.language import Text

TEMPLATE = "This is a sound of {}."
"""The sentence of transformers' pipeline for zero-shot audio classification."""


@dataclass(frozen=True)
class FamilyMember:
    """One of the public models.

    Attributes:
        id: On the hub.
        about: What it is good for, in a line.
        warning: Why not to use it, if so.
    """

    id: str
    about: Text
    warning: Text | None = None


FAMILY = (
    FamilyMember(
        "laion/clap-htsat-fused",
        Text(
            en="general sounds; hears recordings of up to a minute as one",
            zh="通用；可将一分钟以内的录音作为整体分析",
        ),
    ),
    FamilyMember(
        "laion/larger_clap_general",
        Text(en="general sounds; larger and slower", zh="通用；更大、更慢"),
    ),
    FamilyMember(
        "laion/clap-htsat-unfused",
        Text(en="general sounds, ten seconds at a time", zh="通用；每次分析十秒"),
    ),
    FamilyMember(
        "laion/larger_clap_music_and_speech",
        Text(en="music and speech", zh="音乐与语音"),
    ),
    FamilyMember(
        "laion/larger_clap_music",
        Text(en="music; its public weights are broken", zh="音乐；公开的权重有问题"),
        warning=Text(
            en="The public weights of laion/larger_clap_music are known to be broken: its answers "
            "are no better than chance. Use laion/larger_clap_music_and_speech.",
            zh="laion/larger_clap_music 公开的权重有问题，结果与随机猜测无异。"
            "请改用 laion/larger_clap_music_and_speech。",
        ),
    ),
)
"""From the first choice to the last."""

DEFAULT = FAMILY[0].id


def member(id: str) -> FamilyMember | None:
    """Return what is known of a model; None if it isn't one of the family."""
    return next((each for each in FAMILY if each.id == id), None)
