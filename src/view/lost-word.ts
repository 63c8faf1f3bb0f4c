/** Why a source is lost, in the word that stands in the place of “Signal lost”: what somebody has to do differs. By what the server says of it. */
const words: readonly (readonly [reason: RegExp, word: string])[] = [
  [/password|unauthori[sz]ed|\b401\b/i, 'Wrong password'],
  [/forbidden|permission denied|\b403\b/i, 'No permission'],
  [/no such (?:file or )?(?:device|display)|no device|not a capture device/i, 'No device'],
  [/no such|not found|\b404\b/i, 'Not found'],
  [/in use/i, 'In use'],
  [/lies outside the picture/, 'Wrong area'],
  [/refused|no route|unreachable|reports an error/i, 'Refused'],
];

/** `shown`: whether anything ever came of it. */
export const lostWord = (reason: string, shown: boolean): string =>
  words.find(([pattern]) => pattern.test(reason))?.[1] ?? (shown ? 'Signal lost' : 'No signal');
