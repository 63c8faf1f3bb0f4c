import type { SourceEvent } from '../acquire/source';
import { isWithoutAcquisition } from '../acquisitions/classified-frame';
import type { Fate } from '../event';
import type { Sample } from './metrics';

/** Captured frames of a stream, counted by fate. */
export interface Ledger {
  readonly captured: number;
  readonly unique: number;
  readonly repeated: number;
  /** By reason, which is the fate without `dropped_`. */
  readonly dropped: Readonly<Record<string, number>>;
}

export const emptyLedger: Ledger = { captured: 0, unique: 0, repeated: 0, dropped: {} };

/** The ledger after `count` more frames met `fate`. */
export function addFates(ledger: Ledger, fate: Fate, count: number): Ledger {
  const captured = ledger.captured + count;
  if (fate === 'unique') return { ...ledger, captured, unique: ledger.unique + count };
  if (fate === 'repeated') return { ...ledger, captured, repeated: ledger.repeated + count };
  const reason = fate.slice('dropped_'.length);
  return { ...ledger, captured, dropped: { ...ledger.dropped, [reason]: (ledger.dropped[reason] ?? 0) + count } };
}

/** Whether the fates add up to `captured`: no frame missing, none counted twice. */
export function balances(ledger: Ledger, captured: number): boolean {
  const dropped = Object.values(ledger.dropped).reduce((sum, count) => sum + count, 0);
  return ledger.unique + ledger.repeated + dropped === captured;
}

/**
 * What a source event adds to the number of captured frames; null: nothing. Counted at the source, independently of the
 * code that decides fates: otherwise an imbalance would go unnoticed.
 */
export function capturedCounter(stream: string, event: SourceEvent): Sample | null {
  const counted = (value: number): Sample => ({ metric: 'frames_captured_total', labels: { stream }, value });
  switch (event.kind) {
    case 'frame':
      return counted(1);
    case 'dropped':
      return counted(event.count);
    case 'connecting':
    case 'connected':
    case 'area':
    case 'dim':
    case 'stalled':
    case 'silent':
    case 'late':
    case 'punctual':
    case 'overloaded':
    case 'relieved':
    case 'lost':
    case 'ended':
      return null;
  }
}

/** The number of captured frames whose fate these events decide. */
export const decidedFrames = (events: readonly { readonly kind: string; readonly count?: number }[]): number =>
  events.reduce((sum, event) => {
    if (event.kind === 'dropped') return sum + (event.count ?? 0);
    return event.kind === 'unique' || isWithoutAcquisition(event) ? sum + 1 : sum;
  }, 0);
