"""How long ONNX Runtime's Python package takes for an inference, as JSON: version, providers, milliseconds of each.

    python3 python_latency.py GRAPH PROVIDER COUNT SECONDS BATCH THREADS
"""

import json
import os
import sys
import time

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider", "tensorrt": "TensorrtExecutionProvider"}
WARM_UP = 5


def main():
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    graph, wanted, seconds = sys.argv[1], sys.argv[2], float(sys.argv[4])
    count, batch, threads = int(sys.argv[3]), int(sys.argv[5]), int(sys.argv[6])
    provider = PROVIDERS.get(wanted)
    if provider not in onnxruntime.get_available_providers():
        sys.exit(f"onnxruntime {onnxruntime.__version__} in Python has no {wanted}")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(graph, options, providers=[provider])
    if session.get_providers()[0] != provider:
        sys.exit(f"onnxruntime {onnxruntime.__version__} in Python could not load {wanted}")
    frames = np.random.default_rng(1).random((batch, *session.get_inputs()[0].shape[1:]), np.float32)
    feeds = {session.get_inputs()[0].name: frames}
    for _ in range(WARM_UP):
        session.run(None, feeds)
    taken, end = [], time.perf_counter() + seconds
    while len(taken) < count and time.perf_counter() < end:
        started = time.perf_counter()
        session.run(None, feeds)
        taken.append(1000 * (time.perf_counter() - started))
    print(json.dumps({"version": onnxruntime.__version__, "milliseconds": taken}))


if __name__ == "__main__":
    main()
