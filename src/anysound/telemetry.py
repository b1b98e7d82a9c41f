"""Nothing that anysound uses tells anybody that it is used; imported before all else.

Some of these libraries would: onnxruntime sends figures of every session to its makers, with an
identifier that it keeps on the disk. A variable that is set already stays as it is.
"""

import os
import sys

SILENT = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "RAY_USAGE_STATS_ENABLED": "0",
}
"""Environment variables of onnxruntime, huggingface_hub, Gradio and Ray."""

for _name, _value in SILENT.items():
    os.environ.setdefault(_name, _value)
if "onnxruntime" in sys.modules:  # it has looked already; what it still can leave out, it does
    sys.modules["onnxruntime"].disable_telemetry_events()
