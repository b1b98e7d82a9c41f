"""ONNX graphs: written, and run by onnxruntime; whose, they do not know."""
