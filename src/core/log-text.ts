/** What went wrong, in the first line of its message. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** More is not read in one line. */
const LONGEST = 900;

/**
 * A text with other people's words in it as one line of ours: control characters as escapes, so that they neither break the line nor move a terminal's
 * cursor, and cut where nobody reads on.
 */
export function escapeLine(text: string): string {
  const line = text.slice(0, LONGEST).replace(/[\p{Cc}\u2028\u2029]/gu, escaped);
  return text.length > LONGEST || line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

const escaped = (character: string): string => (character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * A text in which no URI shows credentials: whatever stands before an `@` becomes `***`, and so do the values of query keys that name a secret.
 * Errs on the safe side: a password that was not percent-encoded may take the host with it. Takes time in proportion to the text, whatever it is.
 */
export function redactUri(text: string): string {
  return withoutQuerySecrets(
    text
      .split(/(?<=[\n\r\u2028\u2029])/)
      .map(withoutUser)
      .join(''),
  );
}

/** A line from its first `://` on, without what stands before its last `@`. */
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
