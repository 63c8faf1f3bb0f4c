import { fields } from './protobuf-fields';

/** Where the tensors of a graph stand, by the field numbers of onnx.proto: in which fields of a message there are messages of which kind. */
const within = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparseTensor' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparseTensor', 23: 'sparseTensor' },
  sparseTensor: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
} as const;
type Kind = keyof typeof within;

/** Of a TensorProto: `external_data`, and `data_location`, which is 1 where that counts. */
const [EXTERNAL_DATA, DATA_LOCATION] = [13, 14];
/** Graphs stand within graphs, but not for ever. */
const DEEPEST = 64;

/** Whether a graph takes weights from files beside it, which ONNX Runtime would look for wherever the graph says. */
export function hasOutsideWeights(message: Uint8Array, kind: Kind = 'model', depth = 0): boolean {
  if (depth > DEEPEST) return true;
  const kinds: Readonly<Record<number, Kind>> = within[kind];
  for (const { field, number, bytes } of fields(message)) {
    if (kind === 'tensor' && (field === EXTERNAL_DATA || (field === DATA_LOCATION && number !== 0))) return true;
    const inner = kinds[field];
    if (inner !== undefined && bytes !== undefined && hasOutsideWeights(bytes, inner, depth + 1)) return true;
  }
  return false;
}
