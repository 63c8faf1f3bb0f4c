import { runtimeMessage } from '../../src/infer/bundle/model-error';

describe('runtimeMessage', () => {
  it.each([
    [
      '/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:154 std::conditional_t<THRW, void, Status> CudaCall(ERRTYPE, const char*) [with ERRTYPE = cudaError] CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1 ; hostname=vm ; file=/onnxruntime_src/a.cc ; line=352 ; expr=cudaSetDevice(info_.device_id); \n\n',
      'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version',
    ],
    [
      '/onnxruntime_src/webgpu_context.cc:94 Initialize() adapter was false. Failed to get a WebGPU adapter: \n No supported adapters',
      'Failed to get a WebGPU adapter: No supported adapters',
    ],
    ['Load model failed:\nProtobuf parsing failed.', 'Load model failed: Protobuf parsing failed.'],
  ])('makes %j short', (text, short) => {
    expect(runtimeMessage(new Error(text))).toBe(short);
  });
});
