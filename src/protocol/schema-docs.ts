import * as z from 'zod/mini';
import type { DataOf } from './fields';

type Shape = z.core.$ZodLooseShape;
type Words<Of, Known extends PropertyKey = never> = { readonly [Field in Exclude<keyof Of, Known>]: string };

/**
 * A schema, and what it and its fields mean, in Markdown. `docs/NAME.md#SECTION` becomes a link in docs/protocol.md.
 */
export interface SchemaDoc<Of extends Shape = Shape> {
  readonly schema: z.ZodMiniObject<Of>;
  readonly is: string;
  readonly fields: Words<Of>;
}

/** The same of a message, which also has an example. */
export interface MessageDoc<Of extends Shape = Shape> extends SchemaDoc<Of> {
  readonly example: DataOf<z.ZodMiniObject<Of>>;
}

/** A field without its words does not compile. */
export function schemaDoc<Of extends Shape>(schema: z.ZodMiniObject<Of>, is: string, fields: Words<Of>): SchemaDoc<Of> {
  return { schema, is, fields };
}

/** Of a message of the server, without the envelope's fields. */
export function serverMessageDoc<Of extends Shape>(
  schema: z.ZodMiniObject<Of>,
  is: string,
  fields: NoInfer<Words<Of, keyof typeof envelope>>,
  example: NoInfer<DataOf<z.ZodMiniObject<Of>>>,
): MessageDoc<Of> {
  return { schema, is, fields: { ...envelope, ...fields } as unknown as Words<Of>, example };
}

/** Of a message of a client. */
export function clientMessageDoc<Of extends Shape>(
  schema: z.ZodMiniObject<Of>,
  is: string,
  fields: NoInfer<Words<Of, 'type'>>,
  example: NoInfer<DataOf<z.ZodMiniObject<Of>>>,
): MessageDoc<Of> {
  return { schema, is, fields: { type: envelope.type, ...fields } as unknown as Words<Of>, example };
}

/** The examples of messages, by type. */
export function examplesOf<Docs extends Readonly<Record<string, MessageDoc>>>(docs: Docs) {
  const examples = Object.entries(docs).map(([type, { example }]) => [type, example]);
  return Object.fromEntries(examples) as { readonly [Type in keyof Docs]: Docs[Type]['example'] };
}

/** What every message of the server carries. */
export const envelope = {
  type: 'Which message this is',
  seq: 'Counts the messages of one stream in one epoch, one by one, over all topics; 0 in messages of no stream',
  stream: 'The id of the stream; null in messages of no stream',
  at: 'When it became known',
};

/**
 * JSON schemas by name, references as `#/components/schemas/NAME`. Unnamed fields are allowed: additions are welcome.
 */
export function jsonSchemas(
  docs: Readonly<Record<string, SchemaDoc>>,
  target: 'draft-07' | 'draft-2020-12',
): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, { schema }] of Object.entries(docs)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    ...{ target, uri: schemaAt },
    // Defaults are a client's, for older servers.
    override: ({ jsonSchema }) => {
      delete jsonSchema.default;
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(
    Object.entries(docs).map(([id, { is, fields }]) => {
      const { $id: _id, $schema: _dialect, properties, ...rest }: z.core.JSONSchema.BaseSchema = schemas[id] ?? {};
      const described = Object.entries(properties ?? {}).map(([field, schema]) => [field, withWords(schema, fields[field])] as const);
      return [id, { description: is, ...rest, properties: Object.fromEntries(described) }];
    }),
  );
}

export function schemaAt(name: string): string {
  return `#/components/schemas/${name}`;
}

/** In draft 07 nothing may stand beside a reference. */
function withWords(schema: unknown, description: string | undefined): object {
  const known = typeof schema === 'object' && schema !== null ? schema : {};
  return '$ref' in known ? { description, allOf: [known] } : { description, ...known };
}
