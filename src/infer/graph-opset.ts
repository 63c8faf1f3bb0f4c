import { fields } from './protobuf-fields';

/** Field numbers of ONNX's ModelProto and OperatorSetIdProto (onnx.proto). */
const OPSET_IMPORT = 8;
const [DOMAIN, VERSION] = [1, 2];

/** The version of ONNX's own operator set that a graph imports, or undefined when its bytes do not say. */
export function graphOpset(graph: Uint8Array): number | undefined {
  for (const { field, bytes } of fields(graph)) {
    if (field !== OPSET_IMPORT || bytes === undefined) continue;
    const parts = [...fields(bytes)];
    const isOwn = parts.every((part) => part.field !== DOMAIN || part.bytes?.length === 0);
    if (isOwn) return known(parts.find((part) => part.field === VERSION)?.number);
  }
  return undefined;
}

const known = (number: number | undefined): number | undefined => (Number.isSafeInteger(number) ? number : undefined);
