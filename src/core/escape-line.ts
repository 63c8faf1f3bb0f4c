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
