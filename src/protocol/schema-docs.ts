import * as z from 'zod/mini';

type Shape = z.core.$ZodLooseShape;
type Words<Of, Told extends PropertyKey = never> = { readonly [Field in Exclude<keyof Of, Told>]: string };

/** A schema, and what it and its fields mean to who writes a screen. */
export interface SchemaDoc<Of extends Shape = Shape> {
  readonly schema: z.ZodMiniObject<Of>;
  readonly is: string;
  readonly fields: Words<Of>;
}

/** Every field needs its words, or this does not compile. */
export function schemaDoc<Of extends Shape>(schema: z.ZodMiniObject<Of>, is: string, fields: Words<Of>): SchemaDoc<Of> {
  return { schema, is, fields };
}

/** The same of a message of the server: what every message carries is explained already. */
export function messageDoc<Of extends Shape>(schema: z.ZodMiniObject<Of>, is: string, fields: Words<Of, keyof typeof envelope>): SchemaDoc {
  return { schema, is, fields: { ...envelope, ...fields } };
}

const envelope = {
  type: 'Which message this is',
  seq: 'Counts the messages of one stream in one epoch, one by one, over all topics; 0 in messages of no stream',
  stream: 'The id of the stream; null in messages of no stream',
  at: 'When it became known: milliseconds since the Unix epoch, on the clock of the server',
};

/** JSON schemas by name, their references pointing to `#/components/schemas/NAME`. Fields that are not named are allowed: additions are welcome. */
export function jsonSchemas(
  meanings: Readonly<Record<string, SchemaDoc>>,
  target: 'draft-07' | 'draft-2020-12',
): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, { schema }] of Object.entries(meanings)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    ...{ target, uri: schemaAt },
    // What a client takes for said where a server of before says nothing is no business of this one.
    override: ({ jsonSchema }) => {
      delete jsonSchema.default;
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(
    Object.entries(meanings).map(([id, { is, fields }]) => {
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
