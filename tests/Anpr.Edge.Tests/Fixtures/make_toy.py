"""Makes toy/detector.onnx and toy/reader.onnx with their cards: models of a few nodes that tests can reason about.

    /usr/bin/python3 make_toy.py

The detector finds the bounding rectangle of all pure magenta pixels (score 0.9, corners = the rectangle) and always adds a second row
with score 0.1. The reader always reads AB12 over six steps and nothing in the bottom line, whatever the crop shows, and is sure of
France by looks (0.8).
"""
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
from onnx import TensorProto as T
from onnx import helper as h

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FOLDER = Path(__file__).parent / "toy"


def node(kind, inputs, output, **attributes):
    return h.make_node(kind, inputs if isinstance(inputs, list) else [inputs], [output], **attributes)


def constant(name, values, kind=np.float32):
    return onnx.numpy_helper.from_array(np.array(values, kind), name)


def detector():
    nodes = [node("Cast", "frame", "f", to=T.FLOAT), node("Split", ["f", "ones3"], "b", axis=3)]
    nodes[-1].output[:] = ["b", "g", "r"]
    nodes += [
        node("Greater", ["b", "high"], "bb"), node("Less", ["g", "low"], "gg"), node("Greater", ["r", "high"], "rr"),
        node("And", ["bb", "gg"], "bg"), node("And", ["bg", "rr"], "hit"), node("Cast", "hit", "mask", to=T.FLOAT),
    ]
    for axis, name in ((2, "x"), (1, "y")):
        other = 3 - axis
        nodes += [
            node("ReduceMax", "mask", f"line_{name}", axes=[0, other, 3], keepdims=0),
            node("Shape", f"line_{name}", f"n_{name}"), node("Squeeze", [f"n_{name}", "zero_axis"], f"s_{name}"),
            node("Range", ["zero", f"s_{name}", "one"], f"i_{name}"), node("Cast", f"i_{name}", f"p_{name}", to=T.FLOAT),
            node("Add", [f"p_{name}", "one_f"], f"q_{name}"), node("Mul", [f"line_{name}", f"q_{name}"], f"m_{name}"),
            node("ReduceMax", f"m_{name}", f"{name}2", axes=[0], keepdims=1),
            node("Sub", ["big", f"p_{name}"], f"o_{name}"), node("Mul", [f"line_{name}", f"o_{name}"], f"k_{name}"),
            node("ReduceMax", f"k_{name}", f"l_{name}", axes=[0], keepdims=1), node("Sub", ["big", f"l_{name}"], f"{name}1"),
        ]
    nodes += [
        node("Concat", ["score", "x1", "y1", "x2", "y2", "x1", "y1", "x2", "y1", "x2", "y2", "x1", "y2"], "row", axis=0),
        node("Unsqueeze", ["row", "zero_axis"], "first"), node("Concat", ["first", "weak"], "two", axis=0), node("Unsqueeze", ["two", "zero_axis"], "plates"),
    ]
    constants = [
        constant("ones3", [1, 1, 1], np.int64), constant("high", 200), constant("low", 60), constant("zero", 0, np.int64), constant("one", 1, np.int64),
        constant("zero_axis", [0], np.int64), constant("one_f", 1), constant("big", 100000), constant("score", [0.9]),
        constant("weak", [[0.1, 2, 2, 60, 20, 2, 2, 60, 2, 60, 20, 2, 20]]),
    ]
    graph = h.make_graph(nodes, "toy-detector", [h.make_tensor_value_info("frame", T.UINT8, [1, "height", "width", 3])],
                         [h.make_tensor_value_info("plates", T.FLOAT, [1, "cells", 13])], constants)
    save(graph, "detector", {"version": "toy", "stride": "8", "colour": "bgr", "score_threshold": "0.5"})


def reader():
    steps = np.full((2, 6, 37), 0.05 / 36, np.float32)
    for t, c in enumerate(["A", "B", None, "1", "2", None]):
        steps[0, t, 0 if c is None else 1 + ALPHABET.index(c)] = 0.95
    steps[1, :, 0] = 0.95
    nodes = [
        node("Shape", "crops", "shape"), node("Slice", ["shape", "zero_axis", "one_axis"], "batch"),
        node("Concat", ["batch", "ones3"], "target", axis=0), node("Tile", ["steps", "target"], "characters"),
        node("Concat", ["batch", "one_axis"], "target2", axis=0), node("Tile", ["look", "target2"], "country"),
    ]
    constants = [
        constant("zero_axis", [0], np.int64), constant("one_axis", [1], np.int64), constant("ones3", [1, 1, 1], np.int64),
        constant("steps", steps[None]), constant("look", [[0.8, 0.1, 0.1]]),
    ]
    graph = h.make_graph(nodes, "toy-reader", [h.make_tensor_value_info("crops", T.UINT8, ["batch", 64, 160, 3])],
                         [h.make_tensor_value_info("characters", T.FLOAT, ["batch", 2, 6, 37]), h.make_tensor_value_info("country", T.FLOAT, ["batch", 3])], constants)
    save(graph, "reader", {"version": "toy", "alphabet": ALPHABET, "temperature": "1.0", "margin_x": "0.04", "margin_y": "0.08", "countries": "FR,DE,unknown"})


def save(graph, name, metadata):
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 13)])
    model.ir_version = 8
    h.set_model_props(model, metadata)
    onnx.checker.check_model(model)
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.onnx"
    onnx.save(model, str(path))
    card = {"name": name, "version": "toy", "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "licence": "as the project", "limits": "for tests only"}
    path.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n")


if __name__ == "__main__":
    detector()
    reader()
