import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { graphOpset } from '../../src/infer/bundle/onnx-graph';
import { holds, keptBytes } from './fuzz';
import { anyBytes, mutatedBytes } from './mutations';

const graph = Uint8Array.from(readFileSync(path.join(__dirname, '../fixtures/bundles/tiny/model.onnx')));
const imports = Uint8Array.from([0x42, 0x07, 0x0a, 0x03, 0x61, 0x69, 0x2e, 0x10, 0x03, 0x42, 0x04, 0x0a, 0x00, 0x10, 0x15]);
const graphs = fc.oneof(mutatedBytes(fc.constant(graph)), mutatedBytes(fc.constant(imports)), anyBytes);

holds(
  'the operator set of a graph is a whole number, or none',
  graphs,
  (bytes) => {
    const opset = graphOpset(bytes);
    expect(opset === undefined || Number.isSafeInteger(opset)).toBe(true);
  },
  { kept: keptBytes('graph-opset') },
);
