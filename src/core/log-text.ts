/** The first line of an error's message. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

const MAX_LENGTH = 900;

/**
 * Text from outside as a single line: control characters are escaped, so that they neither break the line nor move a
 * terminal's cursor, and the end of a long text is cut off.
 */
export function escapeLine(text: string): string {
  const line = text.slice(0, MAX_LENGTH).replace(/[\p{Cc}\u2028\u2029]/gu, escaped);
  return text.length > MAX_LENGTH || line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

const escaped = (character: string): string => (character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Text without the credentials of the URIs in it: whatever precedes an `@` becomes `***`, and so do the values of query
 * keys that name a secret. Errs on the safe side: a password that is not percent-encoded may take the host with it.
 * Runs in linear time on any text.
 */
export function redactUri(text: string): string {
  return withoutQuerySecrets(
    text
      .split(/(?<=[\n\r\u2028\u2029])/)
      .map(withoutUser)
      .join(''),
  );
}

/** Replaces what lies between a line's first `://` and its last `@`. */
function withoutUser(line: string): string {
  const start = line.search(/(?<=[a-z0-9+.-]):\/\//i) + '://'.length;
  return start < '://'.length ? line : line.slice(0, start) + line.slice(start).replace(/^.*@(?=\S)/, '***@');
}

function withoutQuerySecrets(text: string): string {
  let shown = '';
  let from = 0;
  for (const { 0: key, index } of text.matchAll(/(?<=[?&;])[^=&?;\s]*(?==)/g)) {
    if (index < from || !/pass|pwd|user|login|token|secret|auth|key|^[up]$/i.test(key)) continue;
    const value = index + key.length + 1;
    shown += `${text.slice(from, value)}***`;
    const end = text.slice(value).search(/[&\s"']/);
    from = end < 0 ? text.length : value + end;
  }
  return shown + text.slice(from);
}
