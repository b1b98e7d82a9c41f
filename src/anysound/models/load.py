"""From a model's name to a model."""

import os

from anysound.errors import ModelError
from anysound.language import Text
from anysound.models.protocol import AudioTextModel, ModelOptions


def load_model(name: str | None = None, options: ModelOptions | None = None) -> AudioTextModel:
    """Load a model by its name.

    Args:
        name: ``bundled``; None is the best installed one, or what ``ANYSOUND_MODEL`` names.
        options: How it is to be run.

    Raises:
        ModelError: There is no such model, or it cannot be run as asked.
    """
    from anysound.models.bundled import BundledModel

    options = options or ModelOptions()
    name = name or os.environ.get("ANYSOUND_MODEL") or "bundled"
    if name != "bundled":
        raise ModelError(
            Text(
                en=f"Model {name!r} is not known: this version of anysound runs the small model "
                "that it ships, 'bundled'. The CLAP models are not in it yet.",
                zh=f"没有名为 {name!r} 的模型：此版本只能运行自带的小模型 bundled, "
                "暂未支持 CLAP 系列模型。",
            )
        )
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
    return BundledModel.load(options)
