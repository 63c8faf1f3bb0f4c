import type { Envelope } from '../protocol/messages';

/** How far a client has received: the last `seq` of each stream, in one epoch of the server. */
export interface Position {
  readonly epoch: string | null;
  readonly seqs: ReadonlyMap<string, number>;
}

export const noPosition: Position = { epoch: null, seqs: new Map() };

/** The position after `hello`; numbers of another epoch mean nothing. */
export function inEpoch(position: Position, epoch: string): Position {
  return position.epoch === epoch ? position : { epoch, seqs: new Map() };
}

/** After `subscribe`, new snapshots set the numbers. */
export function withoutSeqs({ epoch }: Position): Position {
  return { epoch, seqs: new Map() };
}

/**
 * The position after a message; null for one out of order, which could undo a newer one, as a mask its `invalid`.
 * A snapshot sets the number, a `loss` names earlier ones.
 */
export function positionAfter(
  position: Position,
  { type, stream, seq }: Pick<Envelope, 'stream' | 'seq'> & { readonly type: string },
): Position | null {
  if (stream === null) return position;
  const last = position.seqs.get(stream) ?? -1;
  if (type !== 'snapshot' && type !== 'loss' && seq <= last) return null;
  const next = type === 'snapshot' ? seq : Math.max(last, seq);
  return { epoch: position.epoch, seqs: new Map(position.seqs).set(stream, next) };
}

/** The query parameters to resume with; none before the first message. */
export function resumeParameters({ epoch, seqs }: Position): readonly (readonly [string, string])[] {
  if (epoch === null || seqs.size === 0) return [];
  return [['epoch', epoch], ...[...seqs].map(([stream, seq]) => ['since', `${stream}:${seq}`] as const)];
}
