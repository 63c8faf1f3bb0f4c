/** A quoted or plain field of a CSV line, and whether another follows. */
const FIELD = /(?:\s*"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y;

/**
 * The fields of a line of CSV (RFC 4180, but a field ends with its line), without the blanks around them. Null: a quote
 * is missing.
 */
export function csvFields(line: string): readonly string[] | null {
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (let more = true; more;) {
    const match = FIELD.exec(line);
    if (!match) return null;
    const [, quoted, plain = '', comma] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? plain.trim());
    more = comma === ',';
  }
  return fields;
}

/** A line of CSV, quoted where necessary (RFC 4180). Null: an empty field. */
export const csvLine = (values: readonly (string | number | null)[]): string => `${values.map(field).join(',')}\n`;

function field(value: string | number | null): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(6);
  return value === null ? '' : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
