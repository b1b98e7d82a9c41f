"""From a model's name to a model."""

import os
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from anysound.errors import MissingExtraError, ModelError
from anysound.language import Text
from anysound.models.clap.family import FAMILY
from anysound.models.protocol import AudioTextModel, ModelOptions
from anysound.models.store import (
    CHECKPOINT,
    Installed,
    KindName,
    OnProgress,
    PullOptions,
    Store,
    is_local,
    pull,
)

if TYPE_CHECKING:
    from anysound.models.marian.model import MarianModel

BUNDLED = "bundled"


def load_model(
    name: str | None = None,
    options: ModelOptions | None = None,
    on_progress: OnProgress | None = None,
) -> AudioTextModel:
    """Load a model by its name; one that is not installed is pulled first.

    Args:
        name: ``bundled``; an id on the hub, with ``@revision`` if a certain one is wanted; or the
            path of a folder in the hub's layout. None is what ``ANYSOUND_MODEL`` names, or else
            the best installed, or else the bundled one.
        options: How it is to be run.
        on_progress: Told how a download and the building go on.

    Raises:
        ModelError: There is no such model, or it cannot be run as asked.
    """
    options = options or ModelOptions()
    name = name or os.environ.get("ANYSOUND_MODEL") or best_installed()
    if name == BUNDLED:
        return _load_bundled(options)
    return _load_clap(_installed(name, "audio-text", on_progress), options)


def load_translator(name: str, on_progress: OnProgress | None = None) -> "MarianModel":
    """Load a translation model by its name; one that is not installed is pulled first.

    Args:
        name: An id on the hub, with ``@revision`` if a certain one is wanted; or the path of a
            folder in the hub's layout.
        on_progress: Told how a download and the building go on.

    Raises:
        ModelError: There is no such model, or it is no translator.
        MissingExtraError: The extra ``translate`` is not installed.
    """
    from anysound.models.marian.model import MarianModel
    from anysound.models.marian.tokenizer import check_installed

    check_installed()
    return MarianModel(_installed(name, "translator", on_progress).folder)


def best_installed() -> str:
    """Return the name of the best model that is installed; ``bundled`` is always there."""
    try:
        installed = {model.id for model in Store().installed()}
    except ModelError:  # a user without a home: nothing can be installed
        return BUNDLED
    usable = (known.id for known in FAMILY if known.id in installed and not known.warning)
    return next(usable, BUNDLED)


def _installed(name: str, kind: KindName, on_progress: OnProgress | None) -> Installed:
    store = Store()
    found = None if is_local(name) else store.find(name)
    options = PullOptions(kind=kind)
    if found:
        options.demand(found.kind, name)
        return found
    if on_progress:
        options = replace(options, on_progress=on_progress)
    return pull(name, store, options)


def _load_clap(installed: Installed, options: ModelOptions) -> AudioTextModel:
    from anysound.models.clap.model import ClapFolder, ClapModel

    manifest = installed.manifest
    folder = ClapFolder(
        path=installed.folder,
        id=manifest.id,
        revision=manifest.revision,
        license=manifest.license,
        facts=manifest.facts,
        cache=Store().cache / "texts",
    )
    if _needs_torch(options.device):
        from anysound.models.torch_engine import TorchClapModel

        return TorchClapModel(folder, _checkpoint(installed), options)
    return ClapModel(folder, options)


def _needs_torch(device: str) -> bool:
    """Tell whether onnxruntime can't run on a device: Apple's GPUs, or CUDA it wasn't built for."""
    from anysound.models.graphs.sessions import has_cuda

    if not device.startswith("cuda") or has_cuda():
        return device == "mps"
    if find_spec("torch") and find_spec("transformers"):
        return True
    raise MissingExtraError(
        Text(en=f"Running a model on {device}", zh=f"在 {device} 上运行模型"), "gpu"
    )


def _checkpoint(installed: Installed) -> Path:
    """Find the weights as they came from the hub, which the torch engine reads."""
    if installed.has_checkpoint:
        return installed.folder / CHECKPOINT
    folder = Path(installed.manifest.source)
    if (folder / "config.json").is_file():
        return folder
    name = installed.id
    raise ModelError(
        Text(
            en=f"The torch engine needs the original weights of {name}, which were not kept: "
            f"anysound models pull {name} --keep-checkpoint",
            zh=f"torch 引擎需要 {name} 的原始权重，但安装时没有保留："
            f"anysound models pull {name} --keep-checkpoint",
        )
    )


def _load_bundled(options: ModelOptions) -> AudioTextModel:
    from anysound.models.bundled import BundledModel

    if options.device not in ("auto", "cpu"):
        raise ModelError(
            Text(
                en=f"The bundled model runs on the CPU only, not on {options.device!r}; "
                "leave the device at 'auto'.",
                zh=f"自带模型只在 CPU 上运行，不支持 {options.device!r}；请使用 auto。",
            )
        )
    if options.precision == "int8":
        raise ModelError(
            Text(
                en="The bundled model runs in fp32 only; leave the precision at 'auto'.",
                zh="自带模型只支持 fp32 精度，请使用 auto。",
            )
        )
    if options.compat:
        raise ModelError(
            Text(
                en="The bundled model has no counterpart in transformers to be compared with; "
                "leave out --compat, or give a CLAP model.",
                zh="自带模型在 transformers 中没有对应的模型可比较；"
                "请去掉 --compat，或指定一个 CLAP 模型。",
            )
        )
    if options.fused:
        raise ModelError(
            Text(
                en="The bundled model is no fused model: it hears a long recording in windows "
                "only. Leave out --fused, or give a fused CLAP model.",
                zh="自带模型不是融合（fused）模型，长录音只能分窗识别。"
                "请去掉 --fused，或指定一个融合的 CLAP 模型。",
            )
        )
    return BundledModel.load(options)
