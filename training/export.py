"""Turn a trained tower into the model that the package ships.

    python -m training.export [--output FOLDER]

Writes the audio graph, the text table with the learned map folded in, and ``model.json`` with the
calibration; the revision is a digest of the weights.
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

from anysound.models.bundled.model import WEIGHTS
from anysound.models.bundled.text import TextTable
from training import augment
from training.audio_tower import AudioTower
from training.clips import MADE, SEED, WORK, read_clips
from training.train import EmbeddedBank

LICENSE = "CC-BY-SA-4.0"
_HALF_FROM = 256  # values; smaller tensors stay in float32


def audio_graph(tower: AudioTower, path: Path) -> None:
    """Write the tower as an ONNX graph for one clip; large weights are stored as float16."""
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
    _halve_weights(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)


def _halve_weights(model: onnx.ModelProto) -> None:
    """Store weights as float16 and cast them back; the arithmetic stays float32."""
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < _HALF_FROM:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def text_files(change: NDArray[np.float32], output: Path) -> None:
    """Copy the text table with the map applied to every row: the map is linear, so it commutes."""
    source = WORK / "text"
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


def calibrate(tower: AudioTower, concepts: list[str], output: Path) -> dict[str, float]:
    """Choose scale and thresholds on real recordings of the training set.

    Each clip is asked among six labels, its own and five others'. The scale maximises the
    likelihood of the right one. Under ``none_below`` lie the best labels of 4 % of these clips, a
    share chosen on fold 3 of ESC-10: clips that were trained on fit better than new ones will.
    ``ambiguous_within`` is the margin around which the first label is right three times in five.
    """
    rng = np.random.default_rng([SEED, 20])
    clips, features = read_clips()
    bank = EmbeddedBank(concepts, TextTable.load(output))
    real = [row for row, clip in enumerate(clips) if clip.source not in MADE]
    rows = rng.choice(real, size=4000, replace=False)
    heard = _embedded(tower, features[rows])
    texts = {name: vectors.numpy() for name, vectors in zip(concepts, bank.vectors, strict=True)}
    asked = np.stack([_six_labels(rng, texts, clips[row].concept) for row in rows])
    similarity = np.einsum("nld,nd->nl", asked, heard)
    scales = np.geomspace(4, 60, 40)
    likelihoods = [_log_softmax(scale * similarity)[:, 0].mean() for scale in scales]
    scale = float(scales[int(np.argmax(likelihoods))])
    probability = np.exp(_log_softmax(scale * similarity))
    order = np.sort(probability, axis=1)
    margin, right = order[:, -1] - order[:, -2], probability.argmax(axis=1) == 0
    edges = np.arange(0.04, 0.5, 0.02)
    doubtful = [edge for edge in edges if right[np.abs(margin - edge) < 0.04].mean() < 0.6]
    return {
        "scale": round(scale, 2),
        "none_below": round(float(np.quantile(similarity.max(axis=1), 0.04)), 3),
        "ambiguous_within": round(float(max(doubtful, default=0.04)), 2),
    }


def _embedded(tower: AudioTower, features: NDArray[np.float16]) -> NDArray[np.float32]:
    inputs = augment.scaled(torch.from_numpy(features).float())[:, None]
    with torch.inference_mode():
        return torch.cat([tower(part) for part in inputs.split(64)]).numpy()


def _six_labels(
    rng: np.random.Generator, texts: dict[str, NDArray[np.float32]], own: str
) -> NDArray[np.float32]:
    others = rng.choice([name for name in texts if name != own], size=5, replace=False)
    return np.stack([texts[name][rng.integers(len(texts[name]))] for name in (own, *others)])


def _log_softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def digest(folder: Path) -> str:
    """Return twelve hexadecimal digits that name the weights in a folder."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".onnx", ".npy", ".txt"):
            total.update(path.name.encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def main() -> None:
    """Export the last checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=WORK / "audio.pt")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    state = torch.load(options.checkpoint)
    tower = AudioTower()
    tower.load_state_dict(state["average"])
    audio_graph(tower, options.output / "audio.onnx")
    text_files(state["text_map"]["change"].numpy(), options.output)
    facts = {
        "revision": digest(options.output),
        "precision": "fp32",
        "dim": 128,
        "templates": {"en": "{}", "zh": "{}"},
        "calibration": calibrate(tower.eval(), state["concepts"], options.output),
        "license": LICENSE,
        "concepts": len(state["concepts"]),
    }
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    (options.output / "model.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
