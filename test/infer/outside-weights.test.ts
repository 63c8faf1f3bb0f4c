import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { hasOutsideWeights } from '../../src/infer/bundle/onnx-graph';
import { outsideGraphs } from './outside-graphs';

it.each(outsideGraphs)('finds weights in other files in %s', (_, graph) => {
  expect(hasOutsideWeights(graph)).toBe(true);
});

it.each(['models/dsa-ltdnet', 'test/fixtures/bundles/tiny', 'test/fixtures/bundles/other-shape'])('finds none in %s', (folder) => {
  expect(hasOutsideWeights(readFileSync(`${folder}/model.onnx`))).toBe(false);
});

it('reads anything to its end', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expect(() => hasOutsideWeights(bytes)).not.toThrow()));
});
