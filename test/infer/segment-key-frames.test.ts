import { EMPTY, map, type Observable, of, type OperatorFunction, Subject } from 'rxjs';
import type { Finding, Candidates } from '../../src/detect/key-frames';
import type { KeyFrameEvent, KeyFrameStatus } from '../../src/event';
import { segmentKeyFrames, type Segmented } from '../../src/infer/segment-key-frames';
import type { Segmentation, Segmenter } from '../../src/infer/segmenter';
import type { StackedAcquisition } from '../../src/runs/temporal-stack';
import { assessed } from '../support/assessed';
import { stacked } from '../support/frames';
import { toAnalysis } from '../support/grey';
import { expectTwice, marbles } from '../support/marbles';
import { scriptedSegmenter, segmentation, type ScriptedSegmenter } from './scripted-segmenter';

/** Acquisition n shows the grey value n. */
const shot = (number: number): StackedAcquisition => stacked(number, { analysis: toAnalysis(Uint8Array.of(number)) });
const candidates = (...numbers: number[]): Candidates => ({ kind: 'candidates', acquisitions: numbers.map(shot) });
const declare = (frame: number, status: KeyFrameStatus = 'stabilised'): KeyFrameEvent => ({
  ...{
    kind: 'keyframe',
    stream: 'test',
    at: 100 * frame + 200,
    run: 'run-1',
    frame,
    status,
    score: 1,
    lagFrames: 2,
    lagMs: 200,
    ...assessed,
  },
  ...{ capturedAt: 100 * frame, decidedBy: 100 * frame + 200, acquisition: shot(frame) },
});
const scene: Finding = { kind: 'scene-change', at: 5, run: 'run-1', frame: 3 };

type Output = Exclude<Finding, Candidates> | Segmented;
const inWords: OperatorFunction<Output, string> = map((event) => {
  switch (event.kind) {
    case 'segmented':
      return `mask of ${event.keyFrame.frame}, ${event.keyFrame.status}${event.anticipated ? ', anticipated' : ''}`;
    case 'anticipation':
      return event.outcome;
    case 'keyframe':
      return `${event.status} ${event.frame}`;
    case 'stage':
      return `${event.stage} ${event.milliseconds}`;
    case 'failure':
      return `failure${event.again ? ' again' : ''} of ${event.run} ${event.frame}: ${event.reason}, ${event.message}`;
    case 'scene-change':
    case 'stability':
      return event.kind;
  }
});

interface Bench {
  readonly segmenter: ScriptedSegmenter;
  readonly lines: string[];
  say(...findings: Finding[]): void;
  end(): void;
  leave(): void;
}
function bench(now = 1000, anticipate = () => true): Bench {
  const segmenter = scriptedSegmenter();
  const findings = new Subject<Finding>();
  const lines: string[] = [];
  const subscription = findings.pipe(segmentKeyFrames(segmenter, { now: () => now }, anticipate), inWords).subscribe({
    next: (line) => lines.push(line),
    error: (error: unknown) => lines.push(`error: ${String(error)}`),
    complete: () => lines.push('complete'),
  });
  return {
    ...{ segmenter, lines },
    say: (...all) => all.forEach((finding) => findings.next(finding)),
    end: () => findings.complete(),
    leave: () => subscription.unsubscribe(),
  };
}

describe('segmentKeyFrames', () => {
  it('segments a declared frame, and measures how long it waited and took', () => {
    const { segmenter, lines, say, end } = bench();
    say(declare(4));
    segmenter.answer(1010, 1060);
    end();
    expect(lines).toEqual(['stabilised 4', 'infer 50', 'queue 10', 'mask of 4, stabilised', 'complete']);
  });

  it('has the mask ready when the requested frame is declared: a hit', () => {
    const { segmenter, lines, say, end } = bench();
    say(candidates(4));
    segmenter.answer(10, 60);
    expect(lines).toEqual(['infer 50']);
    say(declare(4));
    end();
    expect(lines.slice(1)).toEqual(['stabilised 4', 'hit', 'mask of 4, stabilised, anticipated', 'complete']);
    expect(segmenter.asked).toEqual([4]);
  });

  it('is late when the frame is declared while it is being segmented, and does not segment it again', () => {
    const { segmenter, lines, say, end } = bench();
    say(candidates(4), declare(4));
    expect(lines).toEqual(['stabilised 4', 'late']);
    segmenter.answer(900, 1020);
    end();
    expect(lines.slice(2)).toEqual(['infer 120', 'queue 0', 'mask of 4, stabilised, anticipated', 'complete']);
    expect(segmenter.asked).toEqual([4]);
  });

  it('counts what it segmented and was never declared as wasted, once the run is over', () => {
    const { segmenter, lines, say, end } = bench();
    say(candidates(4));
    segmenter.answer();
    say(candidates(5));
    segmenter.answer();
    say(declare(5));
    end();
    expect(lines.slice(-2)).toEqual(['wasted', 'complete']);
    expect(lines.filter((line) => ['hit', 'late', 'wasted'].includes(line))).toEqual(['hit', 'wasted']);
  });

  it('gives a frame that is declared again its mask again, without segmenting it again, and counts it once', () => {
    const { segmenter, lines, say } = bench();
    say(candidates(4));
    segmenter.answer();
    say(declare(4), declare(4, 'final'));
    expect(lines.slice(1)).toEqual([
      ...['stabilised 4', 'hit', 'mask of 4, stabilised, anticipated', 'final 4', 'mask of 4, final, anticipated'],
    ]);
    expect(segmenter.asked).toEqual([4]);
  });

  it('segments nothing ahead of its declaration where that is switched off', () => {
    const { segmenter, lines, say, end } = bench(1000, () => false);
    say(candidates(3, 4), declare(4));
    segmenter.answer(1010, 1060);
    say(candidates(5, 6));
    end();
    expect(segmenter.asked).toEqual([4]);
    expect(lines).toEqual(['stabilised 4', 'infer 50', 'queue 10', 'mask of 4, stabilised', 'complete']);
  });

  it('segments one stack at a time', () => {
    const { segmenter, say } = bench();
    say(candidates(1, 2, 3), declare(4), candidates(5));
    expect(segmenter.underWay).toBe(1);
    expect(segmenter.asked).toEqual([1]);
  });

  it('goes through its requests in order, each once', () => {
    const { segmenter, say } = bench();
    say(candidates(1, 2, 1));
    segmenter.answer();
    segmenter.answer();
    expect(segmenter.asked).toEqual([1, 2]);
    expect(segmenter.underWay).toBe(0);
    say(candidates(2, 1));
    expect(segmenter.asked).toEqual([1, 2]);
  });

  it('begins only the newest requests', () => {
    const { segmenter, say } = bench();
    say(candidates(1, 2), candidates(3), candidates(5, 6));
    segmenter.answer();
    expect(segmenter.asked).toEqual([1, 5]);
  });

  it('lets a declaration go before requests', () => {
    const { segmenter, say } = bench();
    say(candidates(1, 2, 3), declare(7));
    segmenter.answer();
    expect(segmenter.asked).toEqual([1, 7]);
  });

  it('lets the newest declaration go before older ones', () => {
    const { segmenter, lines, say } = bench();
    say(candidates(1), declare(5), declare(6, 'improved'));
    segmenter.answer();
    segmenter.answer();
    expect(segmenter.asked).toEqual([1, 6]);
    expect(lines.at(-1)).toBe('mask of 6, improved');
  });

  it('finishes the declared frame when the run is over, and begins nothing else', () => {
    const { segmenter, lines, say, end } = bench();
    say(candidates(1, 2), declare(5, 'final'));
    end();
    segmenter.answer();
    expect(segmenter.asked).toEqual([1, 5]);
    segmenter.answer();
    expect(lines.slice(-3)).toEqual(['mask of 5, final', 'wasted', 'complete']);
    expect(segmenter.asked).toEqual([1, 5]);
  });

  it('reports a failure and goes on', () => {
    const { segmenter, lines, say, end } = bench();
    say(declare(4));
    segmenter.fail('timed-out');
    say(declare(5, 'improved'));
    segmenter.answer(1000, 1000);
    end();
    expect(lines).toEqual([
      ...['stabilised 4', 'failure of run-1 4: timed-out, the worker died'],
      ...['improved 5', 'infer 0', 'queue 0', 'mask of 5, improved', 'complete'],
    ]);
  });

  it('does not send a stack again that killed the worker, however often its frame is wished for or declared; others it does', () => {
    const { segmenter, lines, say, end } = bench();
    say(candidates(4, 5));
    segmenter.fail();
    expect(segmenter.asked).toEqual([4, 5]);
    segmenter.answer();
    for (let acquisition = 0; acquisition < 5; acquisition++) say(candidates(4, 5));
    say(declare(4), candidates(4, 6));
    segmenter.answer();
    say(declare(4, 'final'));
    end();
    expect(segmenter.asked).toEqual([4, 5, 6]);
    expect(lines).toEqual([
      ...['failure of run-1 4: crashed, the worker died', 'infer 0', 'stabilised 4', 'failure again of run-1 4: crashed, the worker died'],
      ...['infer 0', 'final 4', 'failure again of run-1 4: crashed, the worker died', 'wasted', 'wasted', 'complete'],
    ]);
  });

  it('sends a declared stack that killed the worker to no other one, whatever is declared next', () => {
    const { segmenter, say } = bench();
    say(declare(4));
    segmenter.fail('timed-out');
    say(candidates(4), declare(4, 'final'), declare(5, 'final'));
    segmenter.answer();
    expect(segmenter.asked).toEqual([4, 5]);
  });

  it('sends a stack again that no worker could try', () => {
    const { segmenter, lines, say, end } = bench();
    say(candidates(4, 5));
    segmenter.fail('crashed', { untried: true });
    segmenter.answer();
    say(declare(4));
    segmenter.answer();
    end();
    expect(segmenter.asked).toEqual([4, 5, 4]);
    expect(lines.slice(-3)).toEqual(['mask of 4, stabilised', 'wasted', 'complete']);
  });

  it('does not retry a failed stack by itself', () => {
    const { segmenter, say, end, lines } = bench();
    say(declare(4));
    segmenter.fail();
    say(scene, scene);
    expect(segmenter.asked).toEqual([4]);
    end();
    expect(lines.at(-1)).toBe('complete');
  });

  it('keeps no more than a window’s worth of results', () => {
    const { segmenter, lines, say } = bench();
    for (let i = 0; i < 40; i++) {
      say(candidates(i));
      segmenter.answer();
    }
    expect(lines.filter((line) => line === 'wasted')).toHaveLength(40 - 16);
    say(declare(30), declare(2));
    expect(segmenter.asked.slice(40)).toEqual([2]);
  });

  it('keeps going, however long a run never lets the model rest', () => {
    const { segmenter, lines, say, end } = bench();
    say(candidates(0));
    for (let i = 1; i <= 5000; i++) {
      say(candidates(i));
      segmenter.answer();
    }
    segmenter.answer();
    end();
    expect(segmenter.asked).toHaveLength(5001);
    expect(lines.filter((line) => line === 'infer 0')).toHaveLength(5001);
    expect(lines.at(-1)).toBe('complete');
  });

  it('passes everything but requests, at once', () => {
    const { lines, say } = bench();
    say(scene, candidates(1), declare(1));
    expect(lines.slice(0, 2)).toEqual(['scene-change', 'stabilised 1']);
  });

  it('cancels the stack under way on unsubscribing', () => {
    const { segmenter, say, leave } = bench();
    say(candidates(1));
    expect(segmenter.underWay).toBe(1);
    leave();
    expect(segmenter.takenBack).toEqual([1]);
    expect(segmenter.underWay).toBe(0);
  });

  it('passes on errors that are no SegmentError', () => {
    const { segmenter, lines, say } = bench();
    say(candidates(1));
    segmenter.break(new TypeError('broken'));
    expect(lines).toEqual(['error: TypeError: broken']);
  });

  it('works with a segmenter that answers at once', () => {
    const lines: string[] = [];
    const at = (): Observable<Segmentation> => of(segmentation(1000, 1000));
    const instant: Segmenter = { ...scriptedSegmenter(), segment: at };
    of<Finding[]>(candidates(1, 2), declare(2), declare(3, 'final'))
      .pipe(segmentKeyFrames(instant, { now: () => 1000 }), inWords)
      .subscribe((line) => lines.push(line));
    expect(lines).toEqual([
      ...['infer 0', 'infer 0', 'stabilised 2', 'hit', 'mask of 2, stabilised, anticipated'],
      ...['final 3', 'infer 0', 'queue 0', 'mask of 3, final', 'wasted'],
    ]);
  });

  it('does not wait for ever for a segmenter that ends without an answer', () => {
    const lines: string[] = [];
    const mute: Segmenter = { ...scriptedSegmenter(), segment: () => EMPTY };
    of<Finding[]>(declare(3, 'final'))
      .pipe(segmentKeyFrames(mute, { now: () => 1000 }), inWords)
      .subscribe({ next: (line) => lines.push(line), complete: () => lines.push('complete') });
    expect(lines[0]).toBe('final 3');
    expect(lines.at(-1)).toBe('complete');
  });

  const findings = { w: candidates(1), d: declare(1), s: scene };
  const values = { s: 'scene-change', d: 'stabilised 1', l: 'late', i: 'infer 0', q: 'queue 0', M: 'mask of 1, stabilised, anticipated' };
  const taking = (answer: Observable<Segmentation>): Segmenter => ({ ...scriptedSegmenter(), segment: () => answer });

  it(
    'emits when findings and answers come, and ends when both are over',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('s-w---d-----|', findings);
      const answer = cold('  --------------S----|', { S: segmentation(1000, 1000) });
      const output = source.pipe(segmentKeyFrames(taking(answer), { now: () => 1000 }), inWords);
      expectObservable(output).toBe('s-----(dl)------(iqM)|', values);
      expectSubscriptions(source.subscriptions).toBe('^-----------!');
      expectSubscriptions(answer.subscriptions).toBe('--^------------------!');
    }),
  );

  it(
    'emits nothing for no input, and passes errors on, releasing the stack under way',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('-----S|', { S: segmentation(0, 0) });
      expectObservable(cold<Finding>('---|').pipe(segmentKeyFrames(taking(answer), { now: () => 0 }))).toBe('---|');
      expectObservable(cold('s-w-#', findings).pipe(segmentKeyFrames(taking(answer), { now: () => 0 }), inWords)).toBe('s---#', values);
      expectSubscriptions(answer.subscriptions).toBe('--^-!');
    }),
  );

  it(
    'unsubscribes from findings and from the stack under way with its subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('s-w-----d--|', findings);
      const answer = cold('  -------S|', { S: segmentation(0, 0) });
      expectObservable(source.pipe(segmentKeyFrames(taking(answer), { now: () => 0 }), inWords), '^----!').toBe('s-----', values);
      expectSubscriptions(source.subscriptions).toBe('^----!');
      expectSubscriptions(answer.subscriptions).toBe('--^--!');
    }),
  );

  it(
    'shares nothing between two subscribers',
    marbles((helpers) => {
      const answer = helpers.cold('-------S----|', { S: segmentation(1000, 1000) });
      const output = helpers.cold('s-w-d|', findings).pipe(segmentKeyFrames(taking(answer), { now: () => 1000 }), inWords);
      expectTwice(helpers, output, 's---(dl)-(iqM)|', values);
    }),
  );
});
