import { clientMessageDocs } from '../src/protocol/client-message-docs';
import { fieldDocs } from '../src/protocol/field-docs';
import { serverMessageDocs } from '../src/protocol/message-docs';
import { envelope, jsonSchemas, type MessageDoc, type SchemaDoc } from '../src/protocol/schema-docs';
import { problemOf, statusOf, type Refusal } from '../src/push/access/refusal';
import { asyncApi } from '../src/push/http/asyncapi';
import { openApi } from '../src/push/http/openapi';

/** What is read of a JSON schema. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const { StabilityFacts: _stability, KeyFrameFacts: _keyFrame, ...objects } = fieldDocs;
/** These two are messages, too, and explained there. */
const messageOf: Readonly<Record<string, string>> = { StabilityFacts: 'stability', KeyFrameFacts: 'keyframe' };

const link = (section: string): string => `[${section}](#${section.toLowerCase().replaceAll(' ', '-')})`;
const withLinks = (words: string): string =>
  words.replace(/docs\/([\w-]+\.md)(#[\w-]+)?/g, (_, file, part = '') => `[${file}](${file}${part})`);
const code = (value: unknown): string => `\`${String(value)}\``;

/** What is read of a path of OpenAPI: its operations by method. */
type Path = Readonly<Record<string, { readonly summary: string }>>;

/** A short type; values that `words` explain are not listed again. */
function typeOf(schema: Schema, words: string): string {
  const { type, anyOf, allOf, $ref, items, prefixItems } = schema;
  if (allOf?.[0]) return typeOf(allOf[0], words);
  if (anyOf) return anyOf.map((one) => typeOf(one, words)).join(' or ');
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return link(messageOf[name] ?? `${name} object`);
  }
  if (prefixItems) return `\\[${prefixItems.map((one) => typeOf(one, words)).join(', ')}]`;
  if (items) return `list of ${typeOf(items, words).replace(/^list/, 'lists')}`;
  if (schema.enum?.some((value) => !words.includes(code(value)))) return schema.enum.map(code).join(', ');
  return schema.const === undefined ? [type].flat().join(' or ') : code(schema.const);
}

type Rows = readonly { readonly field: string; readonly words: string; readonly type: string }[];

const isEnvelope = (field: string, words: string): boolean =>
  Object.entries(envelope).some((entry) => entry[0] === field && entry[1] === words);

function rowsOf({ fields }: SchemaDoc, schema: Schema = {}): Rows {
  return Object.entries(fields).flatMap(([field, words]) => {
    const type = typeOf(schema.properties?.[field] ?? {}, words);
    return isEnvelope(field, words) ? [] : [{ field, words, type: schema.required?.includes(field) ? type : `${type}, optional` }];
  });
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return lines.length === 0 ? '' : [head, head.map(() => '---'), ...lines].map((cells) => cells.join(' | ')).join('\n');
}

const fieldTable = (rows: Rows): string =>
  table(
    ['field', 'type', 'meaning'],
    rows.map(({ field, type, words }) => [code(field), type, withLinks(words)]),
  );

const paragraphs = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n');

function tables(): Readonly<Record<string, string>> {
  const schemas: Readonly<Record<string, Schema>> = jsonSchemas({ ...fieldDocs, ...serverMessageDocs }, 'draft-2020-12');
  const asked: Readonly<Record<string, Schema>> = jsonSchemas(clientMessageDocs, 'draft-2020-12');
  const messages: readonly (readonly [string, MessageDoc])[] = Object.entries(serverMessageDocs);
  const requests: readonly (readonly [string, MessageDoc])[] = Object.entries(clientMessageDocs);
  const sections = [
    ...messages.map(([type, doc]) => ({ title: type, is: '', rows: rowsOf(doc, schemas[type]) })),
    ...Object.entries(objects).map(([name, doc]) => ({
      title: `${name} object`,
      is: `${withLinks(doc.is)}.`,
      rows: rowsOf(doc, schemas[name]),
    })),
  ];
  // What most messages share is explained once.
  const all = sections.flatMap(({ rows }) => rows);
  const uses = ({ field, words }: Rows[number]) => all.filter((row) => row.field === field && row.words === words).length;
  const isShared = (row: Rows[number]) =>
    uses(row) > 1 && all.every((other) => other.field !== row.field || other.words === row.words || uses(other) < uses(row));
  const shared = [...new Map(all.filter(isShared).map((row) => [row.field, row])).values()];
  const named = (rows: Rows) =>
    rows.length === 0 ? '' : `${rows.map(({ field }) => code(field)).join(', ')}: as ${link('shared fields')}.`;
  const { bindings, 'x-close-codes': closings } = asyncApi('', true).channels.screen;
  const refusals = Object.entries(statusOf) as [Refusal, number][];
  const paths: readonly (readonly [string, Path])[] = Object.entries(openApi('', false).paths);
  return {
    query: table(
      ['query', 'meaning'],
      Object.entries(bindings.ws.query.properties).map(([name, { description }]) => [code(name), description]),
    ),
    refusals: table(
      ['status', 'code', 'message'],
      refusals.map(([refusal, status]) => [String(status), code(problemOf(refusal).error.code), problemOf(refusal).error.message]),
    ),
    closings: table(
      ['code', 'meaning'],
      Object.entries(closings).map(([status, meaning]) => [status, meaning]),
    ),
    paths: table(
      ['path', 'answer'],
      paths.flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, { summary }]) => [code(`${method.toUpperCase()} ${path}`), summary]),
      ),
    ),
    messages: table(
      ['type', 'meaning'],
      messages.map(([type, doc]) => [rowsOf(doc).length === 0 ? code(type) : `[${code(type)}](#${type})`, doc.is]),
    ),
    envelope: table(
      ['field', 'meaning'],
      Object.entries(envelope).map(([field, words]) => [code(field), words]),
    ),
    fields: paragraphs(
      '#### Shared fields',
      fieldTable(shared),
      ...sections.flatMap(({ title, is, rows }) =>
        rows.length === 0 ? [] : [`#### ${title}`, is, named(rows.filter(isShared)), fieldTable(rows.filter((row) => !isShared(row)))],
      ),
    ),
    requests: paragraphs(
      ...requests.flatMap(([type, doc]) => [
        `**${code(type)}**: ${doc.is}.`,
        `    ${JSON.stringify(doc.example)}`,
        fieldTable(rowsOf(doc, asked[type])),
      ]),
    ),
  };
}

/** docs/protocol.md with current tables, which stand between `<!-- generated: NAME -->` and `<!-- end -->`. */
export function withTables(document: string): string {
  const made = tables();
  return document.replace(/(<!-- generated: (\w+) -->\n)[^]*?(<!-- end -->)/g, (_, begin: string, name: string, end: string) => {
    const text = made[name];
    if (text === undefined) throw new Error(`Expected the name of a table (${Object.keys(made).join(', ')}), got ${name}`);
    return `${begin}\n${text}\n\n${end}`;
  });
}
