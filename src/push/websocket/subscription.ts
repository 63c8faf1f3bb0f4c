import { defaultTopics, topics as allTopics, type Topic } from '../../protocol/messages';
import { MIN_PICTURE_WIDTH, MAX_PICTURE_WIDTH } from '../../protocol/picture-widths';

/** What a screen wants to receive. */
export interface Subscription {
  readonly streams: readonly string[];
  /** It named no stream, which includes those added later. */
  readonly everyStream: boolean;
  readonly topics: ReadonlySet<Topic>;
  /** Of its pictures, in pixels; null: as captured. */
  readonly maxWidth: number | null;
  /** Number of the last message it has of a stream; null: none. */
  readonly since: (stream: string) => number | null;
}

export interface SubscriptionRequest {
  readonly subscription: Subscription;
  /** Invalid parameters, which are ignored. */
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** Without names, everything but the pictures. */
export function topicSet(requested: readonly Topic[]): ReadonlySet<Topic> {
  return new Set(requested.length > 0 ? requested : defaultTopics);
}

/**
 * Reads the query of `/ws`: `stream=ID` (repeatable; none = all), `topics=a,b` (none = all but frame), `since=SEQ` for
 * every requested stream or `since=ID:SEQ` for one (repeatable), `epoch=EPOCH` of those numbers, `maxWidth=PIXELS` of
 * pictures (none = as captured).
 */
export function parseSubscription(query: Query, known: readonly string[], epoch: string): SubscriptionRequest {
  const errors: { code: string; message: string }[] = [];
  const wished = query.all('stream').filter((id) => id !== '');
  const streams = [...new Set(wished)].filter((id) => {
    if (!known.includes(id)) errors.push({ code: 'unknown-stream', message: `No stream ${JSON.stringify(id)}` });
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
      errors.push({ code: 'unknown-topic', message: `Expected one of ${allTopics.join(', ')}, got ${JSON.stringify(name)}` });
    return isTopic(name);
  });
  const numbers = new Map<string, number>();
  for (const since of query.all('since')) {
    const parts = /^(?:(.*):)?(\d{1,15})$/.exec(since);
    if (!parts) errors.push({ code: 'bad-since', message: `Expected a number, got ${JSON.stringify(since)}` });
    else numbers.set(parts[1] ?? '', Number(parts[2]));
  }
  const [width] = query.all('maxWidth');
  const maxWidth = width === undefined ? null : readWidth(width);
  if (width !== undefined && maxWidth === null) {
    const expected = `Expected a whole number from ${MIN_PICTURE_WIDTH} to ${MAX_PICTURE_WIDTH}`;
    errors.push({ code: 'bad-max-width', message: `${expected}, got ${JSON.stringify(width)}` });
  }
  const [requestedEpoch] = query.all('epoch');
  const current = requestedEpoch === undefined || requestedEpoch === epoch;
  return {
    subscription: {
      streams: wished.length > 0 ? streams : known,
      everyStream: wished.length === 0,
      topics: names.length > 0 ? new Set(topics) : topicSet([]),
      maxWidth,
      since: (stream) => (current ? (numbers.get(stream) ?? numbers.get('') ?? null) : null),
    },
    errors,
  };
}

interface Query {
  /** Every value of a parameter, in order. */
  all(name: string): readonly string[];
}

function readWidth(text: string): number | null {
  const width = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return width >= MIN_PICTURE_WIDTH && width <= MAX_PICTURE_WIDTH ? width : null;
}

function isTopic(name: string): name is Topic {
  return allTopics.some((topic) => topic === name);
}
