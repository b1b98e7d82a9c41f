"""Compare anysound with LAION's own package, ``laion_clap``, at full size with random weights.

    make bench

runs it in an environment of its own, with what the package needs. Prints a table of ratios, the
package's cost over anysound's: medians of pairs that were run in turn, on one thread.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import MagicMock, patch

import numpy as np
from benchmarks.clap import PRECISIONS, WORK, fresh_labels, of_one_thread, pulled_checkpoint, show
from benchmarks.reference import Answer
from numpy.typing import NDArray


def stub_torchaudio() -> None:
    """Stand in for the compiled part of torchaudio, which needs CUDA, and is not used here.

    Must be called before transformers is imported, which looks at it too.
    """
    stub = MagicMock(_IS_TORCHAUDIO_EXT_AVAILABLE=False)
    sys.modules.setdefault("torchaudio._extension", stub)


def laion_clap(checkpoint: Path) -> Answer:
    """Make LAION's own package, fused, with random weights of its own and no gradients.

    For recordings of 10 s at most: torchvision, used beyond, is stood in for. What the package
    takes from a hub when it is imported is made here: the tokenizer is that of the checkpoint.
    """
    import torch
    from transformers import (
        BartTokenizer,
        BertTokenizer,
        RobertaConfig,
        RobertaModel,
        RobertaTokenizer,
    )

    words = RobertaTokenizer.from_pretrained(str(checkpoint))
    config = RobertaConfig(max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5)
    parts = ("", ".datasets", ".transforms", ".ops", ".ops.misc")
    stubs = {f"torchvision{part}": MagicMock() for part in parts}
    with (
        patch.dict(sys.modules, stubs),
        patch.object(BartTokenizer, "from_pretrained"),
        patch.object(BertTokenizer, "from_pretrained"),
        patch.object(RobertaTokenizer, "from_pretrained", return_value=words),
        patch.object(RobertaModel, "from_pretrained", return_value=RobertaModel(config)),
    ):
        from laion_clap import CLAP_Module

        model = CLAP_Module(enable_fusion=True, amodel="HTSAT-tiny", device="cpu").eval()
    scale = float(model.model.logit_scale_a.detach().exp())

    @torch.no_grad()
    def answer(waveform: NDArray[np.float32], labels: Sequence[str]) -> dict[str, float]:
        text = model.get_text_embedding([f"This is a sound of {label}." for label in labels])
        audio = model.get_audio_embedding_from_data(x=[waveform], use_tensor=False)
        shares = np.exp(scale * (audio @ text.T)[0])
        return dict(zip(labels, (shares / shares.sum()).tolist(), strict=True))

    return answer


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    os.environ["ANYSOUND_HOME"] = str(WORK / "home")
    stub_torchaudio()
    import torch

    from anysound import Classifier

    torch.set_num_threads(1)
    checkpoint = pulled_checkpoint()
    models = {p: Classifier(str(checkpoint), precision=p, threads=1) for p in PRECISIONS}  # type: ignore[arg-type]
    table = of_one_thread(laion_clap(checkpoint), models, options.pairs, fresh_labels())
    show("laion_clap over anysound", table)


if __name__ == "__main__":
    main()
