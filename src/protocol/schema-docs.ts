import * as z from 'zod/mini';
import type { Said } from './fields';

type Shape = z.core.$ZodLooseShape;
type Words<Of, Known extends PropertyKey = never> = { readonly [Field in Exclude<keyof Of, Known>]: string };

/** A schema, and what it and its fields mean to who writes a screen, in Markdown. `docs/NAME.md#SECTION` becomes a link in docs/protocol.md. */
export interface SchemaDoc<Of extends Shape = Shape> {
  readonly schema: z.ZodMiniObject<Of>;
  readonly is: string;
  readonly fields: Words<Of>;
}

/** The same of a message, which also has an example. */
export interface MessageDoc<Of extends Shape = Shape> extends SchemaDoc<Of> {
  readonly example: Said<z.ZodMiniObject<Of>>;
}

/** Every field needs its words, or this does not compile. */
export function schemaDoc<Of extends Shape>(schema: z.ZodMiniObject<Of>, is: string, fields: Words<Of>): SchemaDoc<Of> {
  return { schema, is, fields };
}

/** What a message of the server says; what every message carries is explained already. */
export function serverMessageDoc<Of extends Shape>(
  schema: z.ZodMiniObject<Of>,
  is: string,
  fields: NoInfer<Words<Of, keyof typeof envelope>>,
  example: NoInfer<Said<z.ZodMiniObject<Of>>>,
): MessageDoc<Of> {
  return { schema, is, fields: { ...envelope, ...fields } as unknown as Words<Of>, example };
}

/** What a message of a client says. */
export function clientMessageDoc<Of extends Shape>(
  schema: z.ZodMiniObject<Of>,
  is: string,
  fields: NoInfer<Words<Of, 'type'>>,
  example: NoInfer<Said<z.ZodMiniObject<Of>>>,
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

/** JSON schemas by name, their references pointing to `#/components/schemas/NAME`. Fields that are not named are allowed: additions are welcome. */
export function jsonSchemas(
  docs: Readonly<Record<string, SchemaDoc>>,
  target: 'draft-07' | 'draft-2020-12',
): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, { schema }] of Object.entries(docs)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    ...{ target, uri: schemaAt },
    // What a client assumes where an older server says nothing is no business of this one.
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

/** Nothing may stand beside a reference: not in draft 07. */
function withWords(schema: unknown, description: string | undefined): object {
  const known = typeof schema === 'object' && schema !== null ? schema : {};
  return '$ref' in known ? { description, allOf: [known] } : { description, ...known };
}
