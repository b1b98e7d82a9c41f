"""Where computing in bfloat16 is worth it."""

import torch


def has_bfloat16(device: torch.device) -> bool:
    """Whether a device is quick in bfloat16: a CPU without AVX-512 takes ten times as long."""
    return device.type == "cuda" or torch.backends.cpu.get_cpu_capability() == "AVX512"
