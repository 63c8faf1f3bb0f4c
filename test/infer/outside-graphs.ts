/** Protobuf, as much as an ONNX graph needs: a field of a number, of text or of a message. */
function field(number: number, value: number | string | Buffer): Buffer {
  if (typeof value === 'number') return Buffer.from([...varint(number * 8), ...varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}
const varint = (value: number): readonly number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

/** A tensor of four numbers that stand in a file. */
const outside = (location: string): Buffer =>
  message(field(1, 4), field(2, 1), field(8, 'w'), field(13, message(field(1, 'location'), field(2, location))), field(14, 1));
const within = message(field(1, 1), field(2, 1), field(8, 'w'), field(4, Buffer.alloc(4)));

const model = (graph: Buffer): Buffer => message(field(1, 8), field(7, graph), field(8, message(field(1, ''), field(2, 17))));
const node = (...attributes: readonly Buffer[]): Buffer =>
  field(1, message(field(4, 'If'), ...attributes.map((attribute) => field(5, attribute))));

/** A model with a weight that stands in the file `location`. */
export const graphWithWeightsIn = (location: string): Buffer => model(field(5, outside(location)));

/** Models with weights in a file, wherever a graph may have some. */
export const outsideGraphs: readonly (readonly [where: string, graph: Buffer])[] = [
  ['an initializer', model(message(field(5, within), field(5, outside('x'))))],
  ['a sparse initializer', model(field(15, message(field(1, outside('x')))))],
  ['an attribute', model(node(message(field(1, 'value'), field(5, outside('x')))))],
  ['a list of an attribute', model(node(message(field(10, within), field(10, outside('x')))))],
  ['a branch', model(node(message(field(6, field(5, outside('x'))))))],
  ['a branch of a branch', model(node(message(field(11, node(message(field(6, field(5, outside('x')))))))))],
  ['a function', message(model(field(5, within)), field(25, field(7, message(field(5, field(5, outside('x')))))))],
];
