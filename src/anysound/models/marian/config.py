"""What a Marian checkpoint says about itself in ``config.json`` and ``generation_config.json``.

A missing field has the default of transformers' ``configuration_marian.py``; the older files of
the hub, which have no ``generation_config.json``, say in ``config.json`` how to generate.
"""

from dataclasses import dataclass
from pathlib import Path

from anysound.language import Text
from anysound.models.files.fields import Fields

CONFIG, GENERATION = "config.json", "generation_config.json"
NORM_EPS = 1e-5  # PyTorch's default; the config has no field for it

_RUNS = Text(
    en="translation models from Chinese such as Helsinki-NLP/opus-mt-zh-en",
    zh="中译英模型，例如 Helsinki-NLP/opus-mt-zh-en",
)
_MOST_BLOCKS = 64
_MOST_BEAMS = 32
_MOST_PARAMETERS = 1_000_000_000  # opus-mt-zh-en has 78 million
_LONGEST = 512  # tokens, of any text


@dataclass(frozen=True)
class StackConfig:
    """The encoder or the decoder.

    Attributes:
        depth: Blocks.
        heads: Attention heads of a block.
        hidden: Width of a block's hidden layer.
    """

    depth: int
    heads: int
    hidden: int


@dataclass(frozen=True)
class SearchConfig:
    """How a translation is searched for.

    Attributes:
        beams: Translations that are followed side by side; 1 takes the best token each time.
        length_penalty: A score is divided by the length to this power.
        stops_early: Whether the search ends with the first ``beams`` translations.
        renormalises: Whether probabilities are scaled up to make good for the banned tokens.
        banned: Ids of tokens that are never generated.
        longest: Tokens of the longest translation, the first and the last included.
    """

    beams: int
    length_penalty: float
    stops_early: bool
    renormalises: bool
    banned: tuple[int, ...]
    longest: int


@dataclass(frozen=True)
class MarianConfig:
    """All that anysound needs to know of a Marian checkpoint beside its weights.

    Attributes:
        vocabulary: Number of tokens, the same for both languages.
        width: Channels.
        positions: Tokens of the longest text.
        is_scaled: Whether the tokens' embeddings are scaled by the root of the width.
        start: Id of the token that the decoder begins with.
        end: Id of the token that a text ends with.
        pad: Id of the token that fills up, which is never generated.
        encoder: Reads a text.
        decoder: Writes its translation.
        search: How.
    """

    vocabulary: int
    width: int
    positions: int
    is_scaled: bool
    start: int
    end: int
    pad: int
    encoder: StackConfig
    decoder: StackConfig
    search: SearchConfig

    @classmethod
    def read(cls, folder: Path) -> "MarianConfig":
        """Read and check a checkpoint's config.

        Raises:
            ModelError: A file is missing or damaged, or it describes something that is no Marian
                model, or one of a kind that anysound can't build.
        """
        fields = Fields.read(folder / CONFIG, _RUNS).without_nulls()
        _expect_usual_ways(fields)
        positions = min(fields.size("max_position_embeddings", 1024), _LONGEST)
        how = folder / GENERATION
        generation = Fields.read(how, _RUNS).without_nulls() if how.is_file() else fields
        config = cls(
            vocabulary=fields.size("vocab_size", 58101),
            width=fields.size("d_model", 1024),
            positions=positions,
            is_scaled=fields.flag("scale_embedding", False),
            start=fields.id("decoder_start_token_id", 58100),
            end=fields.id("eos_token_id", 0),
            pad=fields.id("pad_token_id", 58100),
            encoder=_stack_config(fields, "encoder"),
            decoder=_stack_config(fields, "decoder"),
            search=_search_config(generation, positions),
        )
        _check(config, fields)
        return config

    @property
    def parameters(self) -> int:
        """Number of weights in the large matrices."""
        encoder, decoder, width = self.encoder, self.decoder, self.width
        blocks = encoder.depth * (4 * width**2 + 2 * width * encoder.hidden)
        blocks += decoder.depth * (8 * width**2 + 2 * width * decoder.hidden)
        return self.vocabulary * width + blocks


def _expect_usual_ways(fields: Fields) -> None:
    """Refuse what the public models don't do, and anysound doesn't either."""
    fields.expect("model_type", "marian")
    fields.choice("activation_function", ("swish", "silu"), "gelu")
    for name in ("share_encoder_decoder_embeddings", "tie_word_embeddings"):
        fields.expect(name, True, default=True)
    fields.expect("static_position_embeddings", True, default=True)
    for name in ("normalize_before", "normalize_embedding", "add_final_layer_norm"):
        fields.expect(name, False, default=False)
    end = fields.id("eos_token_id", 0)
    fields.expect("forced_eos_token_id", end, default=end)
    vocabulary = fields.size("vocab_size", 58101)
    fields.expect("decoder_vocab_size", vocabulary, default=vocabulary)


def _stack_config(fields: Fields, name: str) -> StackConfig:
    return StackConfig(
        depth=fields.size(f"{name}_layers", 12),
        heads=fields.size(f"{name}_attention_heads", 16),
        hidden=fields.size(f"{name}_ffn_dim", 4096),
    )


def _search_config(fields: Fields, positions: int) -> SearchConfig:
    fields.expect("do_sample", False, default=False)
    fields.expect("no_repeat_ngram_size", 0, default=0)
    return SearchConfig(
        beams=fields.size("num_beams", 1),
        length_penalty=fields.number("length_penalty", 1.0),
        stops_early=fields.flag("early_stopping", False),
        renormalises=fields.flag("renormalize_logits", False),
        banned=fields.single_ids("bad_words_ids"),
        longest=min(fields.size("max_length", _LONGEST), positions),
    )


def _check(config: MarianConfig, fields: Fields) -> None:
    """Refuse sizes that don't fit together, or are beyond any such model's."""
    stacks = (config.encoder, config.decoder)
    if any(config.width % stack.heads or stack.depth > _MOST_BLOCKS for stack in stacks):
        raise fields.problem(
            f"has d_model {config.width} with {[stack.heads for stack in stacks]} attention heads "
            f"in {[stack.depth for stack in stacks]} layers, which don't fit together",
            f"的 d_model 为 {config.width}，与注意力头数 {[stack.heads for stack in stacks]}、"
            f"层数 {[stack.depth for stack in stacks]} 不匹配",
        )
    ids = (config.start, config.end, config.pad, *config.search.banned)
    beams = config.search.beams
    if max(ids) >= config.vocabulary or not 2 * beams + len(ids) < config.vocabulary:
        raise fields.problem(
            f"has vocab_size {config.vocabulary}, too small for its special tokens {list(ids)} "
            f"and {beams} beams",
            f"的 vocab_size 为 {config.vocabulary}，容纳不下特殊 token {list(ids)} 和 {beams} 个束",
        )
    if beams > _MOST_BEAMS or config.parameters > _MOST_PARAMETERS or config.width % 2:
        raise fields.problem(
            f"describes a model of d_model {config.width}, {config.parameters:,} parameters and "
            f"{beams} beams; no such model is of that size",
            f"描述的模型 d_model 为 {config.width}，有 {config.parameters:,} 个参数、{beams} 个束，"
            "没有这样大小的模型",
        )
