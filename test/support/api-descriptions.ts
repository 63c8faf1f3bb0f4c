import Ajv, { type AnySchema, type ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';

/** What these checks read of /asyncapi.json. */
export interface SocketDescription {
  readonly asyncapi: string;
  readonly components: { readonly schemas: Readonly<Record<string, object>>; readonly messages: Readonly<Record<string, SocketMessage>> };
}
interface SocketMessage {
  readonly payload: { readonly $ref: string };
  readonly examples: readonly { readonly payload: unknown }[];
  readonly 'x-frame': { readonly opcode: string; readonly layout?: readonly { readonly part: string; readonly contentType?: string }[] };
}

/** What these checks read of /openapi.json. */
interface HttpOperation {
  readonly responses: Readonly<Record<string, HttpResponse>>;
}
export interface HttpDescription {
  readonly openapi: string;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, { readonly get?: HttpOperation; readonly post?: HttpOperation }>>;
}
interface HttpResponse {
  readonly content?: Readonly<Record<string, { readonly schema?: object; readonly example?: unknown }>>;
}

/** The schema, refusing every field that it does not name, so that a description cannot lag behind what is sent. */
function strict<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(strict) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return ('properties' in schema ? { additionalProperties: false, ...inner } : inner) as T;
}

function checks(ajv: Ajv, components: object): (schema: AnySchema, what: string, value: unknown) => void {
  ajv.addSchema({ $id: 'https://angiocast.test/described', components: strict(components) });
  const compiled = new Map<string, ValidateFunction>();
  return (schema, what, value) => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"https://angiocast.test/described#/');
    const fits = compiled.get(text) ?? ajv.compile(strict(JSON.parse(text)));
    compiled.set(text, fits);
    if (!fits(value))
      throw new Error(`${what} is not as described: ${ajv.errorsText(fits.errors)} in ${JSON.stringify(value).slice(0, 400)}`);
  };
}

/** Throws at a message that differs from /asyncapi.json, field by field and byte by byte; returns its type. */
export function socketJudge({ components }: SocketDescription): {
  readonly server: (data: Buffer, isBinary: boolean) => string;
  readonly client: (message: { readonly type: string }) => string;
} {
  const check = checks(new Ajv({ strict: false }), components);
  const described = (name: string): SocketMessage => {
    const message = components.messages[name];
    if (!message) throw new Error(`A message ${name} is not described`);
    return message;
  };
  return {
    server(data, isBinary) {
      const length = isBinary ? data.readUInt32LE(0) : data.length;
      const start = isBinary ? 4 : 0;
      const message = JSON.parse(data.toString('utf8', start, start + length)) as { readonly type: string };
      const { payload, 'x-frame': frame } = described(message.type);
      if (frame.opcode !== (isBinary ? 'binary' : 'text')) throw new Error(`${message.type} is described as ${frame.opcode}`);
      check(payload, message.type, message);
      const contentTypes = frame.layout?.find(({ part }) => part === 'payload')?.contentType ?? '';
      if (isBinary) checkPayload(message, contentTypes, data.subarray(start + length));
      return message.type;
    },
    client(message) {
      check(described(`client.${message.type}`).payload, message.type, message);
      return message.type;
    },
  };
}

function checkPayload(message: object, contentTypes: string, payload: Buffer): void {
  if ('encoding' in message && message.encoding === 'rle' && 'width' in message && 'height' in message) {
    const sum = runLengths(payload).reduce((total, length) => total + length, 0);
    if (sum !== Number(message.width) * Number(message.height)) throw new Error(`The run lengths add up to ${sum}`);
    return;
  }
  const magic = [0xff, 0xd8].every((byte, at) => payload[at] === byte)
    ? 'image/jpeg'
    : payload.toString('latin1', 1, 4) === 'PNG'
      ? 'image/png'
      : '';
  const agreed = 'encoding' in message && magic === `image/${String(message.encoding)}`;
  if (!agreed || !contentTypes.includes(magic)) throw new Error(`A picture is ${magic || 'none'}, but ${contentTypes} is described`);
}

function runLengths(payload: Buffer): number[] {
  const lengths: number[] = [];
  let [value, scale] = [0, 1];
  for (const byte of payload) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    lengths.push(value);
    [value, scale] = [0, 1];
  }
  return lengths;
}

/** Throws at an answer whose status, content type or body differs from /openapi.json. */
export function httpJudge({ components, paths }: HttpDescription): (template: string, answer: Response) => Promise<unknown> {
  const check = checks(new Ajv2020({ strict: false }), components);
  return async (template, answer) => {
    const responses = (paths[template]?.get ?? paths[template]?.post)?.responses;
    const response = responses?.[answer.status] ?? (answer.ok ? undefined : responses?.default);
    if (!response) throw new Error(`${answer.status} from ${template} is not described`);
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const content = response.content?.[type];
    if (response.content && !content) throw new Error(`${type} from ${template} is not described`);
    const body: unknown = type === 'application/json' ? await answer.json() : Buffer.from(await answer.arrayBuffer());
    if (content?.schema) check(content.schema, template, body);
    if (type === 'image/png' && (body as Buffer).toString('latin1', 1, 4) !== 'PNG') throw new Error(`${template} is no PNG`);
    return body;
  };
}
