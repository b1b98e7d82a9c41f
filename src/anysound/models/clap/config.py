"""What a CLAP checkpoint says about itself in ``config.json`` and ``preprocessor_config.json``.

Many releases of transformers (from 4.32, pull request 25237) wrote of the two towers' fields only
those that differ from their defaults. A tower's missing field therefore has the default of
transformers' ``configuration_clap.py``; all else that is needed must be there.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anysound.features import LogMelSpec
from anysound.language import Text
from anysound.models.files.fields import Fields

PATCH_NORM_EPS = 1e-5
"""Of the layer norms that the checkpoint's config does not name (PyTorch's default)."""

_RUNS = Text(
    en="LAION's CLAP models such as laion/clap-htsat-fused",
    zh=" LAION 的 CLAP 系列模型，例如 laion/clap-htsat-fused",
)
_LARGEST_PICTURE = 1024  # pixels along a side; the family's has 256
_LARGEST_WINDOW = 32  # patches along a side; the family's has 8
_MOST_BLOCKS = 256
_SHORTEST_TEXT = 16  # tokens that the longest text must have at the least
_MOST_PARAMETERS = 2_000_000_000  # the family's largest has 194 million


@dataclass(frozen=True)
class AudioConfig:
    """The audio tower: a Swin transformer over a log-mel picture (HTS-AT, arXiv:2202.00874).

    Attributes:
        n_mels: Mel bands of the input.
        spec_size: Height and width of the square picture that the spectrogram is folded into.
        patch: Side of a patch, and the step between patches, in pixels.
        width: Channels after the patch embedding; doubled by each further stage.
        depths: Blocks of each stage.
        heads: Attention heads of each stage.
        window: Side of an attention window, in patches.
        mlp_ratio: Width of the blocks' hidden layer over that of the block.
        norm_eps: Of the blocks' layer norms.
        is_fused: Whether it takes a whole recording and three crops of it, instead of one clip.
        fusion_ratio: How much narrower the fusion block is inside.
        has_patch_norm: Whether the patch embedding ends in a layer norm.
        has_qkv_bias: Whether the attention's projections have biases.
    """

    n_mels: int
    spec_size: int
    patch: int
    width: int
    depths: tuple[int, ...]
    heads: tuple[int, ...]
    window: int
    mlp_ratio: float
    norm_eps: float
    is_fused: bool
    fusion_ratio: int
    has_patch_norm: bool
    has_qkv_bias: bool

    @property
    def fold(self) -> int:
        """Into how many pieces of time the spectrogram is cut to fill the picture."""
        return self.spec_size // self.n_mels

    @property
    def frames(self) -> int:
        """Frames that the picture holds; a spectrogram is stretched to this length."""
        return self.spec_size * self.fold

    @property
    def grid(self) -> int:
        """Patches along each side of the picture."""
        return self.spec_size // self.patch


@dataclass(frozen=True)
class TextConfig:
    """The text tower: RoBERTa (arXiv:1907.11692).

    Attributes:
        vocabulary: Number of tokens.
        width: Channels.
        depth: Blocks.
        heads: Attention heads of a block.
        hidden: Width of a block's hidden layer.
        positions: Rows of the position table.
        kinds: Rows of the table of token types; all tokens are of the first.
        pad: Id of the padding token; positions are counted from the one after it.
        norm_eps: Of the layer norms.
    """

    vocabulary: int
    width: int
    depth: int
    heads: int
    hidden: int
    positions: int
    kinds: int
    pad: int
    norm_eps: float

    @property
    def longest(self) -> int:
        """Tokens of the longest text."""
        return self.positions - self.pad - 1


@dataclass(frozen=True)
class FrontConfig:
    """From a waveform to the audio tower's input.

    Attributes:
        mel: How the log-mel spectrogram is made.
        samples: Length of a clip, in samples; ten seconds.
        padding: How a shorter recording fills a clip.
    """

    mel: LogMelSpec
    samples: int
    padding: Literal["repeatpad", "repeat", "pad"]

    @property
    def frames(self) -> int:
        """Frames of a clip's spectrogram."""
        return self.samples // self.mel.hop + 1

    @property
    def seconds(self) -> float:
        """Length of a clip, in seconds."""
        return self.samples / self.mel.rate


@dataclass(frozen=True)
class ClapConfig:
    """All that anysound needs to know of a CLAP checkpoint beside its weights.

    Attributes:
        dim: Length of an embedding.
        activation: Of the two projections' hidden layer.
        audio: The audio tower.
        text: The text tower.
        front: What comes before the audio tower.
    """

    dim: int
    activation: Literal["relu", "gelu"]
    audio: AudioConfig
    text: TextConfig
    front: FrontConfig

    @classmethod
    def read(cls, folder: Path) -> "ClapConfig":
        """Read and check the two files of a checkpoint in the hub's layout.

        Raises:
            ModelError: A file is missing or damaged, or it describes something that is no CLAP
                model, or one of a kind that anysound can't build.
        """
        model = Fields.read(folder / "config.json", _RUNS)
        model.expect("model_type", "clap")
        audio = _audio_config(model.section("audio_config"))
        text = _text_config(model.section("text_config"))
        about = Fields.read(folder / "preprocessor_config.json", _RUNS)
        front = _front_config(about, audio)
        config = cls(
            dim=model.size("projection_dim"),
            activation=model.choice("projection_hidden_act", ("relu", "gelu"), "relu"),
            audio=audio,
            text=text,
            front=front,
        )
        if config.parameters > _MOST_PARAMETERS:
            raise model.problem(
                f"describes a model of {config.parameters:,} parameters (by depths, "
                "patch_embeds_hidden_size, projection_dim, vocab_size, type_vocab_size, "
                "hidden_size and intermediate_size); no CLAP model has so many",
                f"描述的模型有 {config.parameters:,} 个参数（由 depths、patch_embeds_hidden_size、"
                "projection_dim、vocab_size、type_vocab_size、hidden_size、intermediate_size "
                "决定），CLAP 模型没有这么大",
            )
        return config

    @property
    def parameters(self) -> int:
        """Number of weights in the large matrices; the rest is under one in a hundred."""
        audio, text = self.audio, self.text
        stages = [
            depth * round((4 + 2 * audio.mlp_ratio) * (audio.width << i) ** 2)
            for i, depth in enumerate(audio.depths)
        ]
        merges = [8 * (audio.width << i) ** 2 for i in range(len(audio.depths) - 1)]
        block = 4 * text.width**2 + 2 * text.width * text.hidden
        tables = (text.vocabulary + text.positions + text.kinds) * text.width
        blocks = sum(stages) + sum(merges) + text.depth * block + text.width**2
        last = audio.width << (len(audio.depths) - 1)
        projections = (last + text.width + 2 * self.dim) * self.dim
        return blocks + tables + projections


def _audio_config(fields: Fields) -> AudioConfig:
    fields.expect("patch_embed_input_channels", 1, default=1)
    fields.expect("hidden_act", "gelu", default="gelu")
    fields.expect("fusion_type", None, default=None)
    fields.expect("flatten_patch_embeds", True, default=True)
    patch = fields.square("patch_size", 4)
    stride = fields.square("patch_stride", 4)
    if stride != patch:
        raise fields.problem(
            f"has patch_size {patch} but patch_stride {stride}",
            f"的 patch_size 为 {patch}，而 patch_stride 为 {stride}",
        )
    config = AudioConfig(
        n_mels=fields.size("num_mel_bins", 64),
        spec_size=fields.size("spec_size", 256),
        patch=patch,
        width=fields.size("patch_embeds_hidden_size", 96),
        depths=fields.sizes("depths", [2, 2, 6, 2]),
        heads=fields.sizes("num_attention_heads", [4, 8, 16, 32]),
        window=fields.size("window_size", 8),
        mlp_ratio=fields.number("mlp_ratio", 4.0),
        norm_eps=fields.number("layer_norm_eps", 1e-5),
        is_fused=fields.flag("enable_fusion", False),
        fusion_ratio=fields.size("aff_block_r", 4),
        has_patch_norm=fields.flag("enable_patch_layer_norm", True),
        has_qkv_bias=fields.flag("qkv_bias", True),
    )
    _check_audio(config, fields)
    return config


def _check_audio(config: AudioConfig, fields: Fields) -> None:
    """Refuse sizes that don't fit together."""
    stages = len(config.depths)
    if len(config.heads) != stages or sum(config.depths) > _MOST_BLOCKS:
        raise fields.problem(
            f"has depths {list(config.depths)} with num_attention_heads {list(config.heads)}",
            f"的 depths {list(config.depths)} 与 num_attention_heads {list(config.heads)} 不可用",
        )
    widths = [config.width << stage for stage in range(stages)]
    if any(width % heads for width, heads in zip(widths, config.heads, strict=True)):
        raise fields.problem(
            f"has patch_embeds_hidden_size {config.width}, which makes stages of widths {widths} "
            f"that num_attention_heads {list(config.heads)} don't divide",
            f"的 patch_embeds_hidden_size 为 {config.width}，各级宽度 {widths} 无法被 "
            f"num_attention_heads {list(config.heads)} 整除",
        )
    hidden = fields.size("hidden_size", 768)
    if hidden != widths[-1]:
        raise fields.problem(
            f"has hidden_size {hidden}, but its last stage is {widths[-1]} wide",
            f"的 hidden_size 为 {hidden}，但最后一级宽度为 {widths[-1]}",
        )
    if config.mlp_ratio * config.width < 1 or config.fusion_ratio > config.width:
        raise fields.problem(
            f"has mlp_ratio {config.mlp_ratio:g} and aff_block_r {config.fusion_ratio}, which "
            "leave a block of no width",
            f"的 mlp_ratio {config.mlp_ratio:g} 或 aff_block_r {config.fusion_ratio} "
            "使模块宽度为零",
        )
    if not _fits_picture(config):
        raise fields.problem(
            f"has spec_size {config.spec_size}, patch_size {config.patch}, window_size "
            f"{config.window} and num_mel_bins {config.n_mels}, which don't fit together",
            f"的 spec_size {config.spec_size}、patch_size {config.patch}、window_size "
            f"{config.window} 与 num_mel_bins {config.n_mels} 不匹配",
        )


def _fits_picture(config: AudioConfig) -> bool:
    """Tell whether the picture is cut without a rest, at every stage."""
    stages = range(len(config.depths))
    return (
        config.spec_size <= _LARGEST_PICTURE
        and config.window <= _LARGEST_WINDOW
        and config.spec_size % config.n_mels == 0
        and config.spec_size % (config.patch << stages[-1]) == 0
        and all((config.grid >> stage) % config.window == 0 for stage in stages)
    )


def _text_config(fields: Fields) -> TextConfig:
    fields.expect("hidden_act", "gelu", default="gelu")
    config = TextConfig(
        vocabulary=fields.size("vocab_size", 50265),
        width=fields.size("hidden_size", 768),
        depth=fields.size("num_hidden_layers", 12),
        heads=fields.size("num_attention_heads", 12),
        hidden=fields.size("intermediate_size", 3072),
        positions=fields.size("max_position_embeddings", 514),
        kinds=fields.size("type_vocab_size", 1),
        pad=fields.size("pad_token_id", 1),
        norm_eps=fields.number("layer_norm_eps", 1e-12),
    )
    if config.width % config.heads or config.depth > _MOST_BLOCKS:
        raise fields.problem(
            f"has hidden_size {config.width}, num_attention_heads {config.heads} and "
            f"num_hidden_layers {config.depth}, which don't fit together",
            f"的 hidden_size {config.width}、num_attention_heads {config.heads} 与 "
            f"num_hidden_layers {config.depth} 不可用",
        )
    if config.pad >= config.vocabulary or config.longest < _SHORTEST_TEXT:
        raise fields.problem(
            f"has vocab_size {config.vocabulary}, max_position_embeddings {config.positions} and "
            f"pad_token_id {config.pad}, which leave no room for a text",
            f"的 vocab_size {config.vocabulary}、max_position_embeddings {config.positions} 与 "
            f"pad_token_id {config.pad} 容纳不下一段文本",
        )
    return config


def _front_config(fields: Fields, audio: AudioConfig) -> FrontConfig:
    fields.expect("top_db", None, default=None)
    rate = fields.size("sampling_rate")
    # The reference takes the filters by the way of truncation (feature_extraction_clap.py).
    scale: Literal["htk", "slaney"] = "htk" if audio.is_fused else "slaney"
    fields.expect("truncation", "fusion" if audio.is_fused else "rand_trunc")
    config = FrontConfig(
        mel=LogMelSpec(
            rate=rate,
            n_fft=fields.size("fft_window_size"),
            hop=fields.size("hop_length"),
            n_mels=fields.size("feature_size"),
            f_min=fields.number("frequency_min"),
            f_max=fields.number("frequency_max"),
            scale=scale,
        ),
        samples=round(fields.number("max_length_s") * rate),
        padding=fields.choice("padding", ("repeatpad", "repeat", "pad"), "repeatpad"),
    )
    mel = config.mel
    if (
        mel.n_mels != audio.n_mels
        or rate < 8_000
        or not 0 <= mel.f_min < mel.f_max <= rate / 2
        or not 0 < mel.hop <= mel.n_fft <= 65_536
        or not mel.n_fft <= config.samples <= 120 * rate
        or config.frames > audio.frames
    ):
        raise fields.problem(
            f"has feature_size {mel.n_mels}, frequency_min {mel.f_min:g}, frequency_max "
            f"{mel.f_max:g}, sampling_rate {rate}, fft_window_size {mel.n_fft}, hop_length "
            f"{mel.hop} and max_length_s {config.seconds:g}, which don't fit the model's "
            f"{audio.n_mels} mel bands and {audio.frames} frames",
            f"的 feature_size {mel.n_mels}、frequency_min {mel.f_min:g}、frequency_max "
            f"{mel.f_max:g}、sampling_rate {rate}、fft_window_size {mel.n_fft}、hop_length "
            f"{mel.hop}、max_length_s {config.seconds:g} 与模型的 {audio.n_mels} 个梅尔频带、"
            f"{audio.frames} 帧不匹配",
        )
    return config
