/** Protobuf's wire types. */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

/** One field of a message: a number, or bytes, which may be a nested message. */
export interface Field {
  readonly field: number;
  readonly number?: number;
  readonly bytes?: Uint8Array;
}

/** The fields of a protobuf message, as far as it can be parsed. */
export function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return NaN;
  };
  while (at < message.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    const wire = key % 8;
    if (wire === VARINT) yield { field, number: varint() };
    else if (wire === BYTES) {
      const length = varint();
      if (!(at + length <= message.length)) return;
      yield { field, bytes: message.subarray(at, at + length) };
      at += length;
    } else if (wire === FIXED64) at += 8;
    else if (wire === FIXED32) at += 4;
    else return;
  }
}

/** Field numbers of ONNX's ModelProto and OperatorSetIdProto (onnx.proto). */
const OPSET_IMPORT = 8;
const [DOMAIN, VERSION] = [1, 2];

/** The version of the default ONNX operator set that a model imports; undefined when it cannot be read. */
export function graphOpset(graph: Uint8Array): number | undefined {
  for (const { field, bytes } of fields(graph)) {
    if (field !== OPSET_IMPORT || bytes === undefined) continue;
    const parts = [...fields(bytes)];
    const isOwn = parts.every((part) => part.field !== DOMAIN || part.bytes?.length === 0);
    if (isOwn) return safeInteger(parts.find((part) => part.field === VERSION)?.number);
  }
  return undefined;
}

const safeInteger = (number: number | undefined): number | undefined => (Number.isSafeInteger(number) ? number : undefined);

/** Which fields lead to tensors: for each message of onnx.proto, the kind of message in each field number. */
const messageFields = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparseTensor' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparseTensor', 23: 'sparseTensor' },
  sparseTensor: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
} as const;
type Kind = keyof typeof messageFields;

/** TensorProto's `external_data`, and `data_location`, which is 1 (EXTERNAL) where it applies. */
const [EXTERNAL_DATA, DATA_LOCATION] = [13, 14];
/** Graphs nest, but not endlessly. */
const MAX_DEPTH = 64;

/** Whether a model keeps weights in other files, which ONNX Runtime would read from any path that the model names. */
export function hasExternalData(message: Uint8Array, kind: Kind = 'model', depth = 0): boolean {
  if (depth > MAX_DEPTH) return true;
  const kinds: Readonly<Record<number, Kind>> = messageFields[kind];
  for (const { field, number, bytes } of fields(message)) {
    if (kind === 'tensor' && (field === EXTERNAL_DATA || (field === DATA_LOCATION && number !== 0))) return true;
    const inner = kinds[field];
    if (inner !== undefined && bytes !== undefined && hasExternalData(bytes, inner, depth + 1)) return true;
  }
  return false;
}
