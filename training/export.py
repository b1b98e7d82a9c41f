"""Turn a trained tower into the model that the package ships.

    python -m training.export [--variant NAME] [--output FOLDER]

Writes the audio graph, the text table with the learned map folded in, its head, and ``model.json``
with the calibration; the revision is a digest of the weights. The calibration is chosen once, on
the fold that the variant ``fold-3`` wasn't trained on; the others, trained in the same way, take it
over, so that one is exported first.
"""

import argparse
import hashlib
import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from anysound.classifier import Classifier
from anysound.models.bundled import BundledModel
from anysound.models.bundled.concepts import PROTOTYPES, TARGETS
from anysound.models.bundled.head import TextHead
from anysound.models.bundled.model import WEIGHTS, tower_input
from anysound.models.bundled.text import TextTable
from anysound.models.protocol import ModelOptions
from training.audio_tower import AudioTower
from training.calibrate import calibrate
from training.clips import SEED, read_clips, rows_by_concept
from training.evaluate import CONCEPTS, held_out
from training.phrases import EmbeddedBank
from training.text_teacher import DIM
from training.variants import VARIANTS, Variant

LICENSE = "CC-BY-SA-4.0"
WORDINGS = {"share": 0.5, "temperature": 0.05}
"""How free wordings are drawn towards concepts: see ``tune_wordings.py``."""

_HEARD_SHARE = 0.5  # of a concept's clips in what wordings are drawn to, its phrases being 1
_CLIPS = 8  # of each concept

_SHRUNK_FROM = 256  # values; smaller tensors stay in float32


def audio_graph(tower: AudioTower, path: Path) -> None:
    """Write the tower as an ONNX graph for one clip; large weights take a byte or two."""
    example = torch.zeros(1, 1, 251, 64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the newer exporter needs two more packages
        torch.onnx.export(
            tower.eval(),
            (example,),
            str(path),
            input_names=["log_mel"],
            output_names=["embedding"],
            opset_version=17,
            dynamo=False,
        )
    graph = onnx.load(path)
    _shrink_weights(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)


def _shrink_weights(model: onnx.ModelProto) -> None:
    """Store large tensors smaller, and restore them on loading; the arithmetic stays float32.

    Weights of convolutions and layers become int8, with a scale for each channel; all else, such as
    the waves of a Fourier transform, float16.
    """
    layers = {node.input[1] for node in model.graph.node if node.op_type in ("Conv", "Gemm")}
    casts, products, scales = [], [], []
    for tensor in model.graph.initializer:
        values, name = numpy_helper.to_array(tensor), tensor.name
        if values.dtype != np.float32 or values.size < _SHRUNK_FROM:
            continue
        if name in layers:
            small, scale = _as_int8(values)
            scales.append(numpy_helper.from_array(scale, f"{name}_scale"))
            products.append(helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]))
        else:
            small = values.astype(np.float16)
        cast = f"{name}_cast" if name in layers else name
        tensor.CopyFrom(numpy_helper.from_array(small, f"{name}_small"))
        casts.append(helper.make_node("Cast", [f"{name}_small"], [cast], to=TensorProto.FLOAT))
    nodes = [*casts, *products, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(scales)


def _as_int8(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return weights of ``(channels, ...)`` as whole numbers, and what to multiply them with."""
    highest = np.abs(weights).max(axis=tuple(range(1, weights.ndim)), keepdims=True)
    scale = np.maximum(highest, 1e-12) / 127
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)


def text_files(source: Path, change: NDArray[np.float32], output: Path) -> None:
    """Copy the text table with the map applied to every row: the map is linear, so it commutes."""
    for path in source.iterdir():
        if path.suffix in (".npy", ".txt"):
            shutil.copy(path, output)
    rows = np.load(source / "table.npy").astype(np.float32)
    rows *= np.load(source / "scales.npy")[:, None]
    rows += rows @ change.T
    scales = np.abs(rows).max(axis=1) / 127.0
    table = np.round(rows / np.maximum(scales, 1e-12)[:, None])
    np.save(output / "table.npy", table.astype(np.int8))
    np.save(output / "scales.npy", scales.astype(np.float32))


def concept_files(concepts: list[str], heard: Tensor, output: Path) -> None:
    """Write the mean direction of each concept's phrases, and where wordings are drawn to.

    Args:
        concepts: Their names.
        heard: Mean embedding of clips of each, shape ``(n_concepts, dim)``.
        output: A folder with the exported text table and head.
    """
    table, head = TextTable.load(output), TextHead.load(output)
    bank = EmbeddedBank(concepts, lambda texts: head(table.embed(texts)))
    said = torch.nn.functional.normalize(bank.means, dim=1)
    targets = torch.nn.functional.normalize(said + _HEARD_SHARE * heard, dim=1)
    np.save(output / PROTOTYPES, said.numpy().astype(np.float16))
    np.save(output / TARGETS, targets.numpy().astype(np.float16))


@torch.no_grad()
def mean_embeddings(tower: AudioTower, variant: Variant, concepts: list[str]) -> Tensor:
    """Return the mean embedding of a few training clips of each concept."""
    clips, features = read_clips(variant.keeps)
    rows = rows_by_concept(clips)
    rng = np.random.default_rng([SEED, 60])
    means = []
    for concept in concepts:
        chosen = rng.choice(rows[concept], _CLIPS, replace=len(rows[concept]) < _CLIPS)
        inputs = np.stack([tower_input(features[row].astype(np.float32)) for row in chosen])
        means.append(tower(torch.from_numpy(inputs)[:, None]).mean(0))
    return torch.stack(means)


def weight_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold what a model learnt, sorted by name."""
    return sorted(
        path for path in folder.iterdir() if path.suffix in (".onnx", ".npy", ".npz", ".txt")
    )


def digest(folder: Path) -> str:
    """Return twelve hexadecimal digits that name the weights in a folder."""
    total = hashlib.sha256()
    for path in weight_files(folder):
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def write_facts(output: Path, calibration: dict[str, float], concepts: int) -> None:
    """Write ``model.json``."""
    facts = {
        "revision": digest(output),
        "precision": "fp32",
        "dim": DIM,
        "templates": {"en": "{}", "zh": "{}"},
        "calibration": calibration,
        "wordings": WORDINGS,
        "license": LICENSE,
        "concepts": concepts,
    }
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    (output / "model.json").write_text(text + "\n", encoding="utf-8")


def calibration_of(folder: Path, data: Path) -> dict[str, float]:
    """Calibrate an exported model on fold 3."""
    model = BundledModel.load(ModelOptions(), folder)
    recordings = held_out(data, "3")
    heard = Classifier(model).embed_audio(path for _, path in recordings)
    return calibrate(model, heard, [CONCEPTS[name] for name, _ in recordings])


def main() -> None:
    """Export a variant's checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=VARIANTS, default="shipped")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--output", type=Path, help="default: the package, or the variant's folder")
    options = parser.parse_args()
    variant = VARIANTS[options.variant]
    shipped = variant.name == "shipped"
    output: Path = options.output or (WEIGHTS if shipped else variant.folder / "model")
    output.mkdir(parents=True, exist_ok=True)
    state = torch.load(variant.checkpoint, map_location="cpu")
    tower = AudioTower(DIM)
    tower.load_state_dict(state["average"])
    audio_graph(tower, output / "audio.onnx")
    text_files(variant.text, state["text_map"]["change"].numpy(), output)
    shutil.copy(variant.head, output)
    heard = mean_embeddings(tower.eval(), variant, state["concepts"])
    concept_files(state["concepts"], heard, output)
    measured = VARIANTS["fold-3"].folder / "model"
    if variant.name == "fold-3":
        write_facts(output, {"scale": 15.0, "none_below": 0.0, "ambiguous_within": 0.1}, 0)
        calibration = calibration_of(output, options.data)
    else:
        calibration = json.loads((measured / "model.json").read_text("utf-8"))["calibration"]
    write_facts(output, calibration, len(state["concepts"]))
    print((output / "model.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
