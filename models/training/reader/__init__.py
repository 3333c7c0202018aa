"""The plate reader: its network, its training, and how its weights become models/reader.onnx."""
