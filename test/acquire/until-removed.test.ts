import { type SourceEvent, untilRemoved } from '../../src/acquire/source';
import { expectTwice, marbles } from '../support/marbles';

const clock = { now: () => 7 };
const said: Readonly<Record<string, SourceEvent>> = {
  c: { kind: 'connecting', at: 1, attempt: 1 },
  e: { kind: 'ended', at: 2 },
  l: { kind: 'lost', at: 7, reason: 'reconfigured', message: 'the configuration changed' },
};

describe('untilGone', () => {
  it(
    'closes the source and reports it as lost',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = cold<SourceEvent>('--c---', said);
      expectObservable(source.pipe(untilRemoved(hot('----g--'), clock))).toBe('--c-(l|)', said);
      expectSubscriptions(source.subscriptions).toBe('^---!');
    }),
  );

  it(
    'adds nothing to a recording that is over, nor to a failure',
    marbles(({ cold, hot, expectObservable }) => {
      expectObservable(cold<SourceEvent>('-c-(e|)', said).pipe(untilRemoved(hot('--------g'), clock))).toBe('-c-(e|)', said);
      expectObservable(cold<SourceEvent>('-c-#', said).pipe(untilRemoved(hot('-----g'), clock))).toBe('-c-#', said);
      expectObservable(cold<SourceEvent>('-c--', said).pipe(untilRemoved(hot('--|'), clock))).toBe('-c--', said);
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => {
      expectTwice(helpers, helpers.cold<SourceEvent>('-c----', said).pipe(untilRemoved(helpers.cold('---g'), clock)), '-c-(l|)', said);
    }),
  );
});
