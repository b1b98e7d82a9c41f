"""What would tell two labels apart that are too close to call."""

from anysound.labels import Label
from anysound.language import Text


def tell_apart(first: Label, second: Label, similarity: float) -> Text:
    """Say how two labels can be worded so that a model may tell them apart.

    Args:
        first: The best label.
        second: The one that is too close to it.
        similarity: Of their embeddings: 1 is the same to the model.
    """
    plain = [label.name for label in (first, second) if not label.qualifiers]
    alike = f"{similarity:.2f}"
    if len(plain) == 2:
        return Text(
            en=f"Say in brackets how each of them sounds, as in {plain[0]}(short, high-pitched) "
            f"and {plain[1]}(long, low). Their wordings are {alike} alike to the model, 1 being "
            "the same.",
            zh=f"请在括号里写明各自听起来怎样，例如 {plain[0]}(短促,高音) 和 "
            f"{plain[1]}(绵长,低音)。对模型来说，两种说法的相似度为 {alike}（1 表示完全相同）。",
        )
    if plain:
        other = second.name if plain[0] == first.name else first.name
        return Text(
            en=f"{other} says in brackets how it sounds: say it of {plain[0]} as well, so that the "
            f"difference counts. Their wordings are {alike} alike to the model, 1 being the same.",
            zh=f"“{other}”的括号里写了听起来怎样：给“{plain[0]}”也写上，差别才起作用。"
            f"对模型来说，两种说法的相似度为 {alike}（1 表示完全相同）。",
        )
    return Text(
        en=f"Both say how they sound, and are still {alike} alike to the model, 1 being the same. "
        "Use opposites (high and low, short and long, crisp and dull), exclude one sound from the "
        "other with '!', or make one label of them.",
        zh=f"两个都写了听起来怎样，但对模型来说相似度仍为 {alike}（1 表示完全相同）。"
        "请用相反的词（高与低、短与长、清脆与沉闷），用“!”互相排除，或合并成一个标签。",
    )
