import { defaultTopics, topics as allTopics, type Topic } from '../../protocol/messages';
import { leastWidth, mostWidth } from '../../protocol/picture-widths';

/** What a screen wants to hear. */
export interface Subscription {
  readonly streams: readonly string[];
  /** It named none: it wants those that come later, too. */
  readonly everyStream: boolean;
  readonly topics: ReadonlySet<Topic>;
  /** How many pixels wide its pictures may be at most; null: as captured. */
  readonly maxWidth: number | null;
  /** The number of the last message it has of a stream; null: it is new. */
  readonly since: (stream: string) => number | null;
}

export interface Asked {
  readonly subscription: Subscription;
  /** What made no sense; the rest is granted. */
  readonly objections: readonly { readonly code: string; readonly message: string }[];
}

/** No wish means everything but the pictures. */
export function topicSet(wished: readonly Topic[]): ReadonlySet<Topic> {
  return new Set(wished.length > 0 ? wished : defaultTopics);
}

/**
 * Reads the query of `/ws`: `stream=ID` (repeatable; none = all), `topics=a,b` (none = all but frame), `since=SEQ` for every stream asked for
 * or `since=ID:SEQ` for one of them (repeatable), `epoch=EPOCH` in which those numbers were given, `maxWidth=PIXELS` of pictures (none = as captured).
 */
export function askedFor(query: Query, known: readonly string[], epoch: string): Asked {
  const objections: { code: string; message: string }[] = [];
  const wished = query.all('stream').filter((id) => id !== '');
  const streams = [...new Set(wished)].filter((id) => {
    if (!known.includes(id)) objections.push({ code: 'unknown-stream', message: `No stream ${JSON.stringify(id)}` });
    return known.includes(id);
  });
  const names = query.all('topics').flatMap((list) =>
    list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );
  const topics = names.filter((name): name is Topic => {
    if (!isTopic(name))
      objections.push({ code: 'unknown-topic', message: `Expected one of ${allTopics.join(', ')}, got ${JSON.stringify(name)}` });
    return isTopic(name);
  });
  const numbers = new Map<string, number>();
  for (const since of query.all('since')) {
    const parts = /^(?:(.*):)?(\d{1,15})$/.exec(since);
    if (!parts) objections.push({ code: 'bad-since', message: `Expected a number, got ${JSON.stringify(since)}` });
    else numbers.set(parts[1] ?? '', Number(parts[2]));
  }
  const [wide] = query.all('maxWidth');
  const maxWidth = wide === undefined ? null : readWidth(wide);
  if (wide !== undefined && maxWidth === null) {
    const expected = `Expected a whole number from ${leastWidth} to ${mostWidth}`;
    objections.push({ code: 'bad-max-width', message: `${expected}, got ${JSON.stringify(wide)}` });
  }
  const [ofEpoch] = query.all('epoch');
  const current = ofEpoch === undefined || ofEpoch === epoch;
  return {
    subscription: {
      streams: wished.length > 0 ? streams : known,
      everyStream: wished.length === 0,
      topics: names.length > 0 ? new Set(topics) : topicSet([]),
      maxWidth,
      since: (stream) => (current ? (numbers.get(stream) ?? numbers.get('') ?? null) : null),
    },
    objections,
  };
}

interface Query {
  /** Every value of a parameter, in order. */
  all(name: string): readonly string[];
}

function readWidth(text: string): number | null {
  const width = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return width >= leastWidth && width <= mostWidth ? width : null;
}

function isTopic(name: string): name is Topic {
  return allTopics.some((topic) => topic === name);
}
