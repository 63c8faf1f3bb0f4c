import type { ModelCard } from '../../src/infer/bundle/model-card';

/** A card that is right in every key; tests spoil one. */
export function aCard(): ModelCard {
  const output = (name: string) => ({ name, shape: [1, 1, 256, 256] as [1, 1, number, number] });
  const golden = (role: string) => ({ file: `golden-${role}.bin`, grid: [32, 32] as [number, number] });
  return {
    format: 'angiocast-model/1',
    name: 'tiny',
    version: '1.0.0',
    file: 'model.onnx',
    sha256: 'a'.repeat(64),
    opset: 17,
    inputs: { frames: { name: 'frames', shape: [1, 10, 256, 256], offsets: [-9, -8, -7, -6, -5, -4, -3, -2, -1, 0] } },
    outputs: { tumour: output('tumour'), liver: output('liver'), difference: output('difference') },
    normalisation: { divideBy: 255, mean: 0, std: 1 },
    thresholds: { tumour: 0.5, liver: 0.5 },
    trainedOn: 'nothing',
    golden: {
      input: { file: 'golden-input.bin', grid: [64, 64], deflated: false },
      outputs: { tumour: golden('tumour'), liver: golden('liver'), difference: golden('difference') },
      tolerance: 0.005,
    },
    metrics: {},
  };
}
