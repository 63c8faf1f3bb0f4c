"""A bundle's graph for batches of any size: dimension 0 of its inputs and outputs becomes a name.

    python3 batch_graph.py model.onnx batched.onnx
"""

import sys

import onnx


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model = onnx.load(sys.argv[1])
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.save(model, sys.argv[2])


if __name__ == "__main__":
    main()
