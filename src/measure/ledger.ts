import type { Fate } from '../event';

/** What became of every captured frame of a stream, in numbers. */
export interface Ledger {
  readonly captured: number;
  readonly unique: number;
  readonly repeated: number;
  /** By reason, without the `dropped_`. */
  readonly dropped: Readonly<Record<string, number>>;
}

export const emptyLedger: Ledger = { captured: 0, unique: 0, repeated: 0, dropped: {} };

/** The ledger after `count` more frames met `fate`. */
export function entered(ledger: Ledger, fate: Fate, count: number): Ledger {
  const captured = ledger.captured + count;
  if (fate === 'unique') return { ...ledger, captured, unique: ledger.unique + count };
  if (fate === 'repeated') return { ...ledger, captured, repeated: ledger.repeated + count };
  const reason = fate.slice('dropped_'.length);
  return { ...ledger, captured, dropped: { ...ledger.dropped, [reason]: (ledger.dropped[reason] ?? 0) + count } };
}

/** Whether the fates add up to the frames that were captured: none forgotten, none counted twice. */
export function balances(ledger: Ledger, captured: number): boolean {
  const dropped = Object.values(ledger.dropped).reduce((sum, count) => sum + count, 0);
  return ledger.unique + ledger.repeated + dropped === captured;
}
