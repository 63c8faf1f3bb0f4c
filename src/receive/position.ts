import type { Envelope } from '../protocol/messages';

/** How far a client has heard: the last `seq` of each stream, in the epoch of the server they were given in. */
export interface Position {
  readonly epoch: string | null;
  readonly seqs: ReadonlyMap<string, number>;
}

export const nowhere: Position = { epoch: null, seqs: new Map() };

/** The position after `hello`: numbers of another epoch mean nothing. */
export function inEpoch(position: Position, epoch: string): Position {
  return position.epoch === epoch ? position : { epoch, seqs: new Map() };
}

/** Forgets the numbers: after `subscribe` snapshots begin anew. */
export function begunAnew({ epoch }: Position): Position {
  return { epoch, seqs: new Map() };
}

/**
 * The position after a message, or null for one that is out of order: what comes after something newer was said could undo it, a mask its
 * `invalid`. A snapshot starts anew; a `loss` tells of earlier numbers.
 */
export function after(
  position: Position,
  { type, stream, seq }: Pick<Envelope, 'stream' | 'seq'> & { readonly type: string },
): Position | null {
  if (stream === null) return position;
  const last = position.seqs.get(stream) ?? -1;
  if (type !== 'snapshot' && type !== 'loss' && seq <= last) return null;
  const next = type === 'snapshot' ? seq : Math.max(last, seq);
  return { epoch: position.epoch, seqs: new Map(position.seqs).set(stream, next) };
}

/** What to say on reconnecting, as query parameters: nothing before the first message. */
export function resumeParameters({ epoch, seqs }: Position): readonly (readonly [string, string])[] {
  if (epoch === null || seqs.size === 0) return [];
  return [['epoch', epoch], ...[...seqs].map(([stream, seq]) => ['since', `${stream}:${seq}`] as const)];
}
