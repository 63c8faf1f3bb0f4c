"""A network as an ONNX graph, with full or compressed weights."""

import os
import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

OPSET = 17
ROLES = ("tumour", "liver", "difference")
SMALL = 64


class Bundled(nn.Module):
    """The outputs of a bundle: probabilities instead of logits."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, frames):
        tumour, liver, difference = self.model(frames)
        return tumour.sigmoid(), liver.sigmoid(), difference


def write_graph(model, path):
    """frames [1,10,256,256] -> tumour, liver, difference, in fp32."""
    bundled = Bundled(model).eval().to(memory_format=torch.contiguous_format)
    with warnings.catch_warnings():
        # Only the TorchScript exporter needs no further package.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            bundled,
            (torch.zeros(1, 10, 256, 256),),
            str(path),
            input_names=["frames"],
            output_names=list(ROLES),
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(str(path))


def store_half(path):
    """Weights stored as fp16 with a Cast each, which ONNX Runtime folds when it loads the graph: half the size, still
    computed in fp32.
    """
    model = onnx.load(str(path))
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALL:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.fp16"))
        casts.append(helper.make_node("Cast", [f"{name}.fp16"], [name], to=TensorProto.FLOAT))
    for index, cast in enumerate(casts):
        model.graph.node.insert(index, cast)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def quantise(path, stacks):
    """Quantises convolutions to int8: weights per channel, activations by their range over `stacks`,
    float32 [N,10,256,256] in grey/255.

    The last convolution of each network stays in fp32, since thresholds are sensitive to it.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is loaded (evaluation/predict.py)
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Stacks(CalibrationDataReader):
        def __init__(self):
            self.left = iter(stacks)

        def get_next(self):
            stack = next(self.left, None)
            return None if stack is None else {"frames": stack[None]}

    prepared = path.with_suffix(".prepared.onnx")
    quant_pre_process(str(path), str(prepared), skip_symbolic_shape=True)
    graph = onnx.load(str(prepared)).graph
    outputs = {tensor.name: numpy_helper.to_array(tensor).shape[0] for tensor in graph.initializer}
    last = [node.name for node in graph.node if node.op_type == "Conv" and outputs.get(node.input[1]) == 1]
    quantize_static(
        str(prepared),
        str(path),
        Stacks(),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["Conv", "Concat", "MaxPool"],
        nodes_to_exclude=last,
    )
    prepared.unlink()
