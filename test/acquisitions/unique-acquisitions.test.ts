import fc from 'fast-check';
import { from, map, type Observable } from 'rxjs';
import type { SourceEvent } from '../../src/acquire/source';
import { isWithoutAcquisition, type ClassifiedFrame } from '../../src/acquisitions/classified-frame';
import { uniqueAcquisitions } from '../../src/acquisitions/unique-acquisitions';
import { ANALYSIS_SIZE, type Frame } from '../../src/frame';
import { lostAt, showing } from '../support/frames';
import { exposure, painted, toPixels } from '../support/grey';
import { expectTwice, marbles } from '../support/marbles';

const clock = { now: (): number => 77 };
const letters = { unique: 'u', repeated: 'r', replayed: 'p', mixed: 'm', blank: 'b' } as const;
const inWords = map((classified: ClassifiedFrame): string =>
  classified.kind === 'unique' || isWithoutAcquisition(classified) ? letters[classified.kind] : classified.kind,
);
function classify(events: readonly SourceEvent[]): ClassifiedFrame[] {
  const all: ClassifiedFrame[] = [];
  from(events)
    .pipe(uniqueAcquisitions(clock))
    .subscribe((classified) => all.push(classified));
  return all;
}
const drawn = (events: readonly SourceEvent[]): string => {
  let text = '';
  from(classify(events))
    .pipe(inWords)
    .subscribe((letter) => (text += letter.length > 1 ? `<${letter}>` : letter));
  return text;
};

/** Exposures, an encoder's versions of them, black, and one grey. */
const [A, B, C] = [exposure(1), exposure(2), exposure(3)];
const [A1, A2] = [exposure(1, { codec: { seed: 11, sigma: 0.8 } }), exposure(1, { codec: { seed: 12, sigma: 0.8 } })];
const [BLACK, GREY] = [new Uint8Array(A.length), new Uint8Array(A.length).fill(128)];
const film = (everyMs: number, ...pictures: readonly Uint8Array[]): SourceEvent[] =>
  pictures.map((pixels, i) => showing(i * everyMs, pixels, { index: i }));

/** A mixture: a share of an exposure, the rest of the one before. */
const blended = (before: Float32Array, after: Float32Array, share: number): Float32Array =>
  after.map((value, i) => share * value + (1 - share) * (before[i] as number));

/** An image area of the analysis size, beside a uniformly grey panel. */
function monitor(pixels: Uint8Array, panel: number): Partial<Frame> & { readonly pixels: Uint8Array } {
  const width = ANALYSIS_SIZE + 16;
  const shown = new Uint8Array(width * ANALYSIS_SIZE).fill(panel);
  for (let y = 0; y < ANALYSIS_SIZE; y++) shown.set(pixels.subarray(y * ANALYSIS_SIZE, (y + 1) * ANALYSIS_SIZE), y * width);
  return { width, pixels: shown };
}

describe('uniqueAcquisitions', () => {
  it('distinguishes a new exposure from the same one shown again', () => {
    expect(drawn(film(33, A, A, A, B, B, C))).toBe('urruru');
  });

  it('is not misled by what an encoder makes of a repeated picture', () => {
    expect(drawn(film(33, A1, A2, A, A1, B, A1))).toBe('urrrur');
  });

  it('lets a late picture stand for an exposure that an encoder gives bit by bit', () => {
    const fields = Array.from({ length: 9 }, (_, seed) => painted({ seed: seed + 1, sigma: 12 }));
    const exposed = fields.map(toPixels);
    const run = exposed.slice(0, 8).flatMap((pixels) => [pixels, pixels, pixels, pixels]);
    const bits = [0.35, 0.6, 0.8].map((share) => toPixels(blended(fields[7]!, fields[8]!, share)));
    const inWords = drawn(film(33, ...run, ...bits, exposed[8]!, exposed[8]!));
    expect(inWords.slice(0, -5)).toBe('urrr'.repeat(8));
    expect(inWords.slice(-5)).toMatch(/^[rm]{2}[rmu]*u[rmu]*$/);
    expect(inWords.slice(-5).replace(/[rm]/g, '')).toBe('u');
  });

  describe('pictures in transition', () => {
    const fields = Array.from({ length: 8 }, (_, seed) => painted({ seed: seed + 1, sigma: 6 }));
    const between = (mix: (before: Float32Array, after: Float32Array) => Float32Array): Uint8Array[] =>
      fields.flatMap((field, i) => {
        const complete = toPixels(field);
        return i === 0 ? [complete, complete] : [toPixels(mix(fields[i - 1]!, field)), complete, complete];
      });
    /** A mixture may count as a repeat, but never as an acquisition. */
    const unique = (pictures: readonly Uint8Array[]): string => drawn(film(33, ...pictures)).replaceAll('m', 'r');
    const complete = `ur${'rur'.repeat(7)}`;

    it('are not those that a screen tore, wherever', () => {
      fc.assert(
        fc.property(fc.double({ min: 0.2, max: 0.8, noNaN: true }), (share) => {
          const torn = (before: Float32Array, after: Float32Array) =>
            after.map((value, i) => (i < share * after.length ? value : before[i]!));
          expect(unique(between(torn))).toBe(complete);
        }),
        { numRuns: 10 },
      );
    });

    it('are not those of which a field is old', () => {
      const combed = (before: Float32Array, after: Float32Array) =>
        after.map((value, i) => (Math.floor(i / ANALYSIS_SIZE) % 2 === 1 ? value : before[i]!));
      expect(unique(between(combed))).toBe(complete);
    });

    it.each([0.4, 0.5, 0.6])('are not those that were blended, %d of them new', (share) => {
      expect(unique(between((a, b) => blended(a, b, share)))).toBe(complete);
    });

    it('are what they are if they stay', () => {
      const [before, after] = [fields[0]!, fields[1]!];
      const torn = toPixels(after.map((value, i) => (i < 0.6 * after.length ? value : before[i]!)));
      expect(drawn(film(33, toPixels(before), toPixels(before), torn, torn, torn, torn, torn, torn))).toBe('ururrrrr');
    });

    it('are none where each picture is one of its own', () => {
      expect(drawn(film(33, ...fields.map(toPixels)))).toBe('u'.repeat(8));
    });
  });

  it('gives the first frame that shows a picture, averaged, and when it was recognised', () => {
    const [first] = classify(film(33, A1, A2));
    if (first?.kind !== 'unique') throw new Error('Expected an acquisition first');
    expect(first.acquisition.frame.index).toBe(0);
    expect(first.acquisition.acquiredAt).toBe(77);
    expect(Buffer.compare(first.acquisition.analysis, A1)).toBe(0);
    expect(first.acquisition.analysis.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('measures how far a new picture is from the one before, 0 for the very first', () => {
    const [first, , third] = classify(film(33, A, A, B));
    expect(first).toMatchObject({ kind: 'unique', difference: 0 });
    if (third?.kind !== 'unique') throw new Error('Expected an acquisition');
    expect(third.difference).toBeGreaterThan(4);
    expect(third.difference).toBeLessThan(5);
  });

  it('takes a picture that comes back after a single spoilt one for a repeat', () => {
    expect(drawn(film(33, A, B, A, A1))).toBe('uurr');
  });

  it('takes black and one grey for blank, and what stood before them for a repeat when it comes again', () => {
    expect(drawn(film(33, A, BLACK, BLACK, GREY, A, B))).toBe('ubbbru');
  });

  it('notices a clock that ticks beside a picture that stands still', () => {
    const panels = [10, 10, 200, 200, 10];
    const seen = classify(
      panels.map((panel, i) => {
        const { pixels, ...rest } = monitor(i % 2 === 0 ? A : A1, panel);
        return showing(33 * i, pixels, rest);
      }),
    );
    expect(seen.map((classified) => (classified.kind === 'repeated' ? classified.alive : null))).toEqual([null, false, true, false, true]);
  });

  it('takes the picture for new when its size or its image area changes', () => {
    const other = { x: 0, y: 0, width: 250, height: 250 };
    expect(drawn([showing(0, A), showing(33, A1, { imageArea: other }), showing(66, A2, { imageArea: other })])).toBe('uur');
  });

  it('passes all other events of the source, in their place', () => {
    const events: SourceEvent[] = [
      ...[
        { kind: 'connecting', at: 0, attempt: 1 } as const,
        { kind: 'connected', at: 1, width: 256, height: 256, codec: 'h264' } as const,
      ],
      ...[
        showing(10, A),
        { kind: 'dropped', at: 11, reason: 'backlog', count: 2 } as const,
        showing(12, A),
        { kind: 'ended', at: 13 } as const,
      ],
    ];
    expect(drawn(events)).toBe('<connecting><connected>u<dropped>r<ended>');
  });

  it('recognises the picture that stood before the connection was lost', () => {
    expect(drawn([showing(0, A), lostAt(40) as SourceEvent, showing(500, A1), showing(533, B)])).toBe('u<lost>ru');
  });

  it('does not fall for an encoder that redraws all noise off the beat', () => {
    const beats = Array.from({ length: 7 }, (_, i) => showing(250 * i, exposure(20 + i)));
    const redrawn = exposure(26, { sigma: 1.6, codec: { seed: 30, sigma: 1.8 } });
    expect(drawn([...beats, showing(1600, redrawn)])).toBe('uuuuuuur');
  });

  it('classifies every frame exactly once, in order', () => {
    const pictures = [A, A1, A2, B, C, BLACK, GREY];
    fc.assert(
      fc.property(fc.array(fc.nat(pictures.length), { maxLength: 12 }), (choices) => {
        const events = choices.map((choice, i): SourceEvent => {
          const picture = pictures[choice];
          return picture ? showing(33 * i, picture, { index: i }) : { kind: 'stalled', at: 33 * i };
        });
        let given = 0;
        const sources: Observable<SourceEvent> = from(events);
        const order = classify(events).map((classified) => {
          if (classified.kind === 'unique') return classified.acquisition.frame.index;
          return isWithoutAcquisition(classified) ? classified.frame.index : -1;
        });
        sources.pipe(uniqueAcquisitions(clock)).subscribe(() => given++);
        expect(given).toBe(events.length);
        expect(order).toEqual(choices.map((choice, i) => (choice < pictures.length ? i : -1)));
      }),
      { numRuns: 25 },
    );
  });

  const events = { a: showing(0, A), A: showing(33, A1), b: showing(66, B), s: { kind: 'stalled', at: 90 } as const };

  it(
    'keeps the time of its source, errors and end included',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-A--b---s----|', events);
      expectObservable(source.pipe(uniqueAcquisitions(clock), inWords)).toBe('u-r------(us)-|', { u: 'u', r: 'r', s: 'stalled' });
      expectSubscriptions(source.subscriptions).toBe('^-------------!');
      expectObservable(cold('a-b-#', events).pipe(uniqueAcquisitions(clock), inWords)).toBe('u---(u#)');
      expectObservable(cold<SourceEvent>('---|').pipe(uniqueAcquisitions(clock))).toBe('---|');
    }),
  );

  it(
    'unsubscribes from its source with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-A--b-|', events);
      expectObservable(source.pipe(uniqueAcquisitions(clock), inWords), '^--!').toBe('u-r-');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it(
    'shares nothing between two subscribers: each sees a first picture',
    marbles((helpers) => expectTwice(helpers, helpers.cold('a-A--b|', events).pipe(uniqueAcquisitions(clock), inWords), 'u-r---(u|)')),
  );
});
