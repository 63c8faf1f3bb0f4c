import fc from 'fast-check';
import type { MaskEvent } from '../../src/event';
import {
  MAX_TRACED_CLIENTS,
  type KeyFrameTrace,
  keyFrameTrace,
  publishedAt,
  traceEnd,
  withDelivery,
  withEncoding,
  withPainting,
} from '../../src/tracing/key-frame-trace';
import { Script } from '../push/scripted';

const traceId = 'c'.repeat(32);

/** The mask of a script, with times of its own. */
function aMask(timing: Partial<MaskEvent['timing']> = {}): MaskEvent {
  const event = new Script('a', () => 1000).mask('r1', 7, 'stabilised');
  if (event.kind !== 'mask') throw new Error('Expected a mask');
  return { ...event, timing: { ...event.timing, ...timing } };
}

const spans = ({ startedAt: zero, spans: all }: KeyFrameTrace): readonly string[] =>
  all.map(({ name, client, startedAt, endedAt }) => `${client === null ? '' : `${client} `}${name} ${startedAt - zero}…${endedAt - zero}`);

const times = { capturedAt: 1000, acquiredAt: 600, detectedAt: 1008, inferenceStartedAt: 1010, inferenceEndedAt: 1050, anticipated: false };
const published = { traceId, seq: 41, publishedAt: 1052, captureLatencyMs: 0, acquiredAt: 1005 };

it('records the way of a mask step by step, from the capture that decided to the glass of each screen', () => {
  let trace = keyFrameTrace(aMask(times), published);
  trace = withDelivery(withDelivery(trace, 'client-1', 1053), 'client-2', 1060);
  trace = withEncoding(withPainting(trace, 'client-1', 1090), { startedAt: 1056, endedAt: 1071 });
  expect(trace).toMatchObject({
    traceId,
    stream: 'a',
    run: 'r1',
    frame: 7,
    status: 'stabilised',
    seq: 41,
    anticipated: false,
    startedAt: 1000,
  });
  expect(spans(trace)).toEqual([
    ...['capture 0…0', 'acquire 0…5', 'detect 5…8', 'queue 8…10', 'infer 10…50', 'encode 56…71', 'publish 50…52'],
    ...['client-1 delivered 52…53', 'client-1 painted 53…90', 'client-2 delivered 52…60'],
  ]);
  expect([publishedAt(trace), traceEnd(trace)]).toEqual([1052, 1090]);
});

it('shows an anticipated inference where it was, before the decision, and nothing that waited', () => {
  const trace = keyFrameTrace(aMask({ ...times, inferenceStartedAt: 400, inferenceEndedAt: 440, anticipated: true }), published);
  expect(trace.anticipated).toBe(true);
  expect(spans(trace).slice(3)).toEqual(['queue 8…8', 'infer -600…-560', 'publish 8…52']);
});

it('counts from the glass where the source gives how long a picture takes to arrive', () => {
  const late = { ...published, captureLatencyMs: 3 };
  expect(spans(keyFrameTrace(aMask(times), late)).slice(0, 3)).toEqual(['capture 0…3', 'acquire 3…5', 'detect 5…8']);
  expect(spans(keyFrameTrace(aMask(times), { ...late, acquiredAt: null })).slice(0, 2)).toEqual(['capture 0…3', 'detect 3…8']);
});

it('has no step of an acquisition where the end of the run decided', () => {
  expect(spans(keyFrameTrace(aMask(times), { ...published, acquiredAt: null })).slice(0, 2)).toEqual(['capture 0…0', 'detect 0…8']);
});

it('splits the time from the capture to the screens without a gap, whatever the times', () => {
  const gap = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(gap, fc.tuple(gap, gap, gap, gap, gap), (captureLatencyMs, [acquire, detect, queue, infer, publish]) => {
      const acquiredAt = 1000 + captureLatencyMs + acquire;
      const detectedAt = acquiredAt + detect;
      const inferenceStartedAt = detectedAt + queue;
      const inferenceEndedAt = inferenceStartedAt + infer;
      const mask = aMask({ capturedAt: 1000, detectedAt, inferenceStartedAt, inferenceEndedAt, anticipated: false });
      const trace = keyFrameTrace(mask, { ...published, captureLatencyMs, acquiredAt, publishedAt: inferenceEndedAt + publish });
      const total = trace.spans.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
      expect(total).toBe(publishedAt(trace) - trace.startedAt);
    }),
  );
});

it('never lets a step end before it began, as where a recording runs ahead of the clock', () => {
  const trace = withDelivery(keyFrameTrace(aMask({ ...times, capturedAt: 9000 }), published), 'client-1', 100);
  for (const { startedAt, endedAt } of trace.spans) expect(endedAt).toBeGreaterThanOrEqual(startedAt);
});

it('accepts a screen that painted before the server noted that the mask had left', () => {
  const trace = withPainting(withDelivery(keyFrameTrace(aMask(times), published), 'client-1', 1090), 'client-1', 1080);
  expect(spans(trace).slice(-2)).toEqual(['client-1 delivered 52…90', 'client-1 painted 80…80']);
});

it('keeps the first screens, and counts the others', () => {
  let trace = keyFrameTrace(aMask(times), published);
  for (let n = 0; n < MAX_TRACED_CLIENTS + 5; n++) trace = withPainting(withDelivery(trace, `client-${n}`, 1053), `client-${n}`, 1060);
  const of = (step: string): number => trace.spans.filter(({ name }) => name === step).length;
  expect([of('delivered'), of('painted'), trace.otherClients]).toEqual([MAX_TRACED_CLIENTS, MAX_TRACED_CLIENTS, 5]);
});

it('leaves out the encoding for a screen that joined later', () => {
  const trace = keyFrameTrace(aMask(times), published);
  expect(withEncoding(trace, { startedAt: 7000, endedAt: 7077 })).toBe(trace);
});

it('encodes a picture once', () => {
  const once = withEncoding(keyFrameTrace(aMask(times), published), { startedAt: 900, endedAt: 910 });
  expect(withEncoding(once, { startedAt: 1100, endedAt: 1110 })).toBe(once);
});
