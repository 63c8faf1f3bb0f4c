import { clientMessageDocs } from '../../protocol/client-message-docs';
import { fieldDocs } from '../../protocol/field-docs';
import { serverMessageDocs } from '../../protocol/message-docs';
import { defaultTopics, PROTOCOL, topics } from '../../protocol/messages';
import { MIN_PICTURE_WIDTH, MAX_PICTURE_WIDTH, PICTURE_WIDTHS } from '../../protocol/picture-widths';
import { jsonSchemas, schemaAt, type MessageDoc } from '../../protocol/schema-docs';
import { TOKEN_PROTOCOL } from '../access/access-request';

/** The payloads of binary messages. */
const payloads: Readonly<Record<string, { readonly contentType: string; readonly description: string }>> = {
  mask: {
    contentType: 'application/octet-stream',
    description: 'Run lengths as unsigned LEB128, row by row over width × height, starting with the zeros; they add up to width × height',
  },
  frame: { contentType: 'image/jpeg, image/png', description: 'The picture, as encoding says, encodedWidth × encodedHeight pixels' },
};

const schemaName = (type: string) => `${type.charAt(0).toUpperCase()}${type.slice(1)}Message`;
const clientName = (type: string) => `Client${schemaName(type)}`;
const here = (name: string) => ({ $ref: `#/channels/screen/messages/${name}` });
type MessageDocs = Readonly<Record<string, MessageDoc>>;
const renamed = (docs: MessageDocs, name: (type: string) => string) =>
  Object.fromEntries(Object.entries(docs).map(([type, doc]) => [name(type), doc]));

/** `opcode` is that of the WebSocket frame. A binary message holds its JSON and then a payload. */
function framing(type: string) {
  const payload = payloads[type];
  if (!payload) return { contentType: 'application/json', 'x-frame': { opcode: 'text' } };
  const layout = [
    { part: 'length', type: 'uint32', byteOrder: 'little-endian', bytes: 4, description: 'N, the bytes of the JSON' },
    { part: 'json', bytes: 'N', contentType: 'application/json', encoding: 'utf-8', description: 'The message, as its schema says' },
    { part: 'payload', bytes: 'the rest', ...payload },
  ];
  return { contentType: 'application/octet-stream', 'x-frame': { opcode: 'binary', layout } };
}

function messages(docs: MessageDocs, client: boolean) {
  return Object.entries(docs).map(([type, { is, example }]) => {
    const message = {
      name: type,
      title: client ? `${type}, sent by a screen` : type,
      summary: is,
      ...(client ? { contentType: 'application/json', 'x-frame': { opcode: 'text' } } : framing(type)),
      payload: { $ref: schemaAt(client ? clientName(type) : schemaName(type)) },
      examples: [{ name: type, payload: example }],
    };
    return [client ? `client.${type}` : type, message] as const;
  });
}

const text = (description: string) => ({ type: 'string', description });
const manyTexts = (description: string, items: object = { type: 'string' }) => ({ type: 'array', description, items });

const query = {
  type: 'object',
  properties: {
    stream: manyTexts('Which streams, repeatable: `stream=a&stream=b`; none means all'),
    topics: {
      ...manyTexts(`What to receive: \`topics=${topics.join(',')}\`; none means all but \`frame\`, the pictures`, {
        type: 'string',
        enum: [...topics],
      }),
      default: [...defaultTopics],
    },
    since: manyTexts('Resume: the last `seq` you have; with several streams `since=ID:SEQ`, repeatable', {
      type: 'string',
      pattern: '^(.*:)?[0-9]{1,15}$',
    }),
    maxWidth: {
      ...{ type: 'integer', minimum: MIN_PICTURE_WIDTH, maximum: MAX_PICTURE_WIDTH },
      description: `How many pixels wide pictures may be at most, ${MIN_PICTURE_WIDTH} to ${MAX_PICTURE_WIDTH}: they come as wide as the largest that fits of ${PICTURE_WIDTHS.join(', ')}, never enlarged; without it as captured`,
    },
    epoch: text('The epoch (from `hello`) of `since`; of another epoch you get a snapshot instead'),
    token: text(
      `Where the server requires one. Addresses end up in logs: better the header \`Authorization: Bearer TOKEN\` or, from a page, a second subprotocol \`${TOKEN_PROTOCOL}TOKEN\``,
    ),
  },
};
const headers = {
  type: 'object',
  properties: {
    'Sec-WebSocket-Protocol': text(`${PROTOCOL}; where a token is required, it may follow as ${TOKEN_PROTOCOL}TOKEN`),
    Authorization: text('Bearer TOKEN, where the server requires one'),
  },
};
const closeCodes = {
  1001: 'The server stops: come back with growing pauses',
  1008: 'Too many messages that make no sense, or too many at once',
  1009: 'A message of more than 64 KiB',
};

/** The WebSocket as AsyncAPI 3.0, by the schemas of the program itself. */
export function asyncApi(version: string, needsToken: boolean) {
  const sent = messages(serverMessageDocs, false);
  const received = messages(clientMessageDocs, true);
  const all = Object.fromEntries([...sent, ...received]);
  const channel = { $ref: '#/channels/screen' };
  const receive = (type: keyof typeof clientMessageDocs, summary: string) => ({
    ...{ action: 'receive', channel, summary, messages: [here(`client.${type}`)] },
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'angiocast',
      version,
      description:
        'Live tumour-mask overlays for DSA feeds. Research use only, not a medical device. Times are milliseconds since the Unix epoch on the clock of the server, ' +
        'coordinates pixels of the captured picture, x right, y down.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      angiocast: {
        host: '{host}',
        protocol: 'ws',
        description: 'With TLS, its own or that of a proxy: wss',
        variables: { host: { default: 'localhost:8080', description: 'Where angiocast listens' } },
        ...(needsToken
          ? { security: ['bearer', 'subprotocol', 'query'].map((name) => ({ $ref: `#/components/securitySchemes/${name}` })) }
          : {}),
      },
    },
    channels: {
      screen: {
        address: '/ws',
        title: 'A screen',
        description: `Subprotocol ${PROTOCOL}. Without a token that is required: 401 before the upgrade; from an origin that is not allowed: 403; by a name that is not: 421; too many screens of one address: 429, of all: 503.`,
        messages: Object.fromEntries(Object.keys(all).map((name) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: { ws: { method: 'GET', query, headers, bindingVersion: '0.1.0' } },
        'x-subprotocol': PROTOCOL,
        'x-close-codes': closeCodes,
      },
    },
    operations: {
      tell: { action: 'send', channel, summary: 'What the server says', messages: sent.map(([name]) => here(name)) },
      subscribe: { ...receive('subscribe', 'Hear something else'), reply: { channel, messages: [here('snapshot'), here('error')] } },
      clock: { ...receive('clock', 'Ask for the time of the server'), reply: { channel, messages: [here('clock'), here('error')] } },
      painted: { ...receive('painted', 'Report a mask on the glass'), reply: { channel, messages: [here('error')] } },
    },
    components: {
      messages: all,
      schemas: jsonSchemas(
        { ...fieldDocs, ...renamed(serverMessageDocs, schemaName), ...renamed(clientMessageDocs, clientName) },
        'draft-07',
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer TOKEN' },
        subprotocol: {
          type: 'httpApiKey',
          in: 'header',
          name: 'Sec-WebSocket-Protocol',
          description: `A second subprotocol, ${TOKEN_PROTOCOL}TOKEN: for browsers, whose sockets send no other header`,
        },
        query: { type: 'httpApiKey', in: 'query', name: 'token', description: 'Ends up in logs; better one of the others' },
      },
    },
  };
}
