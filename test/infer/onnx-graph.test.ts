import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { graphOpset, hasExternalData } from '../../src/infer/bundle/onnx-graph';
import { outsideGraphs } from './outside-graphs';

describe('graphOpset', () => {
  it('reads the operator set of a graph', () => {
    expect(graphOpset(readFileSync('test/fixtures/bundles/tiny/model.onnx'))).toBe(17);
    expect(graphOpset(readFileSync('models/dsa-ltdnet/model.onnx'))).toBe(17);
  });

  it('passes over operator sets of other domains', () => {
    const other = [0x42, 0x07, 0x0a, 0x03, 0x61, 0x69, 0x2e, 0x10, 0x03]; // domain "ai.", version 3
    const own = [0x42, 0x04, 0x0a, 0x00, 0x10, 0x15]; // domain "", version 21
    expect(graphOpset(Uint8Array.from([...other, ...own]))).toBe(21);
    expect(graphOpset(Uint8Array.from(other))).toBeUndefined();
  });

  it('finds none in a truncated graph', () => {
    expect(graphOpset(Uint8Array.from([0x42, 0x04, 0x0a, 0x00, 0x10]))).toBeUndefined();
    expect(graphOpset(Uint8Array.from([0x42, 0x05, 0x0a, 0x00, 0x10, 0xff, 0xff]))).toBeUndefined();
  });

  it('comes to an end, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expect(() => graphOpset(bytes)).not.toThrow()));
  });
});

it.each(outsideGraphs)('finds weights in other files in %s', (_, graph) => {
  expect(hasExternalData(graph)).toBe(true);
});

it.each(['models/dsa-ltdnet', 'test/fixtures/bundles/tiny', 'test/fixtures/bundles/other-shape'])('finds none in %s', (folder) => {
  expect(hasExternalData(readFileSync(`${folder}/model.onnx`))).toBe(false);
});

it('reads anything to its end', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expect(() => hasExternalData(bytes)).not.toThrow()));
});
