import fc from 'fast-check';
import { TestScheduler } from 'rxjs/testing';
import type { ConnectionEvent } from '../../src/acquire/connection/connection';
import { withImageArea } from '../../src/acquire/image-area/image-area';
import { SourceError, type SourceEvent } from '../../src/acquire/source';
import { frameTimes, sourceEvents } from '../../src/acquire/source-events';
import { parseSource } from '../../src/acquire/source-uri';

const connected: ConnectionEvent = { kind: 'connected', width: 2, height: 1, codec: 'h264' };
const image = (at: number): ConnectionEvent => ({
  kind: 'image',
  image: { width: 2, height: 1, pixels: Uint8Array.from([0, 200]), seconds: null, damaged: false, at, behindMs: 0 },
});
const damaged = (at: number): ConnectionEvent => ({ ...image(at), kind: 'damaged' }) as ConnectionEvent;

/**
 * Events of a source in ten seconds, with their times, for connections with these marbles: c connected, i image, d
 * damaged image, # error, | end.
 */
function told(
  uri: string,
  connections: readonly string[],
  error: unknown = new SourceError('crashed', 'gone'),
  onEvent: (event: SourceEvent) => void = () => undefined,
): readonly string[] {
  const said: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ cold }) => {
    let count = 0;
    const connect = () =>
      cold<ConnectionEvent>(connections[count++] ?? '-', { c: connected, i: image(scheduler.now()), d: damaged(scheduler.now()) }, error);
    const clock = { now: () => scheduler.now() };
    const subscription = sourceEvents(parseSource(uri), connect, { clock, streamId: 's', random: () => 1, scheduler }).subscribe({
      next: (event) => {
        said.push(`${scheduler.now()} ${words(event)}`);
        onEvent(event);
      },
      error: (failure: unknown) =>
        said.push(`${scheduler.now()} error ${failure instanceof SourceError ? `${failure.code} ${failure.message}` : 'of another kind'}`),
      complete: () => said.push(`${scheduler.now()} complete`),
    });
    scheduler.schedule(() => subscription.unsubscribe(), 1000);
  });
  return said;
}

function words(event: SourceEvent): string {
  if (event.kind === 'frame') return `frame ${event.frame.index} [${event.frame.pixels.join()}]`;
  if (event.kind === 'lost') return `lost ${event.reason} ${event.message}`;
  if (event.kind === 'dropped') return `dropped ${event.count} ${event.reason}`;
  return event.kind === 'connecting' ? `connecting ${event.attempt}` : event.kind;
}

it('counts frames over every connection of a live source', () => {
  expect(told('rtsp://u:p@h/x', ['cii#', '#', 'ci|'])).toEqual([
    ...['0 connecting 1', '0 connected', '1 frame 0 [0,200]', '2 frame 1 [0,200]', '3 lost crashed rtsp://***@h/x: gone'],
    ...['253 connecting 1', '253 lost crashed rtsp://***@h/x: gone'],
    ...['503 connecting 2', '503 connected', '504 frame 2 [0,200]', '505 lost ended rtsp://***@h/x: the stream ended', '755 connecting 1'],
  ]);
});

it('hands no damaged picture on, and counts each as dropped', () => {
  expect(told('rtsp://u:p@h/x', ['cidi'])).toEqual([
    ...['0 connecting 1', '0 connected', '1 frame 0 [0,200]', '2 dropped 1 damaged', '3 frame 1 [0,200]'],
  ]);
});

it('ends with a recording, or begins it again', () => {
  expect(told('a.mp4', ['ci|'])).toEqual(['0 connecting 1', '0 connected', '1 frame 0 [0,200]', '2 ended', '2 complete']);
  expect(told('file:a.mp4#repeat=1', ['ci|', 'ci-'])).toEqual([
    ...['0 connecting 1', '0 connected', '1 frame 0 [0,200]', '2 connecting 1', '2 connected', '3 frame 1 [0,200]'],
  ]);
});

it('gives up a recording that cannot be read, repeated or not, but not one whose reader died', () => {
  const missing = new SourceError('not-found', 'no such file or device');
  for (const uri of ['file:a.mp4', 'file:a.mp4#repeat=1']) {
    expect(told(uri, ['#'], missing)).toEqual(['0 connecting 1', '0 error not-found file:a.mp4: no such file or device']);
  }
  expect(told('file:a.mp4#repeat=1', ['#', '-'])).toEqual(['0 connecting 1', '0 lost crashed file:a.mp4: gone', '250 connecting 2']);
});

it('does not try again after a mistake of our own', () => {
  expect(told('rtsp://h/x', ['#'], new TypeError('ours'))).toEqual(['0 connecting 1', '0 error of another kind']);
});

it('blanks what is to be hidden, in dark and bright pictures, and all of a picture of another size than was meant', () => {
  expect(told('rtsp://h/x#redact=1,0,1,1', ['ci'])).toContain('1 frame 0 [0,0]');
  expect(told('rtsp://h/x#redact=0,0,1,1&polarity=bright-vessels', ['ci'])).toContain('1 frame 0 [0,55]');
  expect(told('rtsp://h/x#redact=0,0,3,1', ['ci'])).toContain('1 frame 0 [0,0]');
});

it('shows vessels dark, however the source shows them', () => {
  expect(told('rtsp://h/x#polarity=bright-vessels', ['ci'])).toContain('1 frame 0 [255,55]');
});

describe('times', () => {
  const images = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1e6, noNaN: true }),
      behindMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
      seconds: fc.option(fc.double({ min: -10, max: 1e3, noNaN: true })),
    }),
  );

  const connected = fc.array(fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), images));

  it('never run backwards, whatever the source sends and however often it is opened', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat(2000), connected, (ownClock, latencyMs, connections) => {
        const { open, next } = frameTimes(ownClock, latencyMs);
        const given = connections.flatMap(([openedAt, pictures]) => {
          open(openedAt);
          return pictures.map((picture) => next({ width: 1, height: 1, damaged: false, ...picture }));
        });
        return given.every((time, i) => i === 0 || time >= (given[i - 1] ?? 0));
      }),
    );
  });

  it('go on by the recording’s own rate when it starts over', () => {
    const { open, next } = frameTimes(true, 0);
    const pass = () => [5, 5.5, 6].map((seconds) => next({ width: 1, height: 1, damaged: false, at: 0, behindMs: 0, seconds }));
    open(1000);
    const first = pass();
    open(1001);
    expect([...first, ...pass()]).toEqual([1000, 1500, 2000, 2500, 3000, 3500]);
  });

  /** When each event of these connections happened: a frame on the glass, anything else when it is reported. */
  const timesOf = (uri: string, connections: readonly string[]): readonly number[] => {
    const times: number[] = [];
    const onEvent = (event: SourceEvent) => times.push(event.kind === 'frame' ? event.frame.capturedAt : event.at);
    told(uri, connections, new SourceError('crashed', 'gone'), onEvent);
    return times;
  };

  it('count from the glass where it is known how far away that is, so that nothing of a source moves against the rest of it', () => {
    const connections = ['cii#', '#', 'ci|'];
    const arrived = timesOf('rtsp://h/x', connections);
    expect(arrived).toHaveLength(12);
    expect(timesOf('rtsp://h/x#captureLatencyMs=80', connections)).toEqual(arrived.map((time) => time - 80));
  });

  it('include how late a picture came, and date what follows alike', () => {
    const { open, next, now } = frameTimes(false, 80);
    const picture = (at: number, behindMs: number) => next({ width: 1, height: 1, damaged: false, at, behindMs, seconds: null });
    open(1000);
    expect([picture(2000, 0), picture(3400, 400), now(3500), picture(3600, 100), now(3700)]).toEqual([1920, 2920, 3020, 3420, 3520]);
    open(4000);
    expect(now(4000)).toBe(3920);
  });

  it('are a recording’s own when it is read as fast as possible, however far the glass was', () => {
    const own = timesOf('a.mp4#rate=max', ['cii|']);
    expect(timesOf('a.mp4#rate=max&captureLatencyMs=80', ['cii|'])).toEqual(own);
  });
});

it('keeps a given image area within the picture', () => {
  const areaFor = (given: Parameters<typeof withImageArea>[0], width: number, height: number) => {
    const seen: unknown[] = [];
    new TestScheduler(() => undefined).run(({ cold }) => {
      const frame = {
        stream: 's',
        index: 0,
        capturedAt: 0,
        width,
        height,
        pixels: new Uint8Array(width * height),
        imageArea: { x: 0, y: 0, width: 1, height: 1 },
      };
      cold<SourceEvent>('f|', { f: { kind: 'frame', frame } })
        .pipe(withImageArea(given))
        .subscribe((event) => event.kind === 'frame' && seen.push(Object.values(event.frame.imageArea)));
    });
    return seen[0];
  };
  expect(areaFor({ x: 6, y: 7, width: 80, height: 70 }, 100, 90)).toEqual([6, 7, 80, 70]);
  expect(areaFor({ x: 6, y: 7, width: 800, height: 700 }, 100, 90)).toEqual([6, 7, 94, 83]);
  expect(areaFor('auto', 100, 90)).toEqual([0, 0, 100, 90]);
});

it("refuses a given image area outside the picture, with the picture's size, and goes on when the picture changes", () => {
  const message = 'imageArea=2,0,9,9 lies outside the picture of 2 × 1';
  expect(told('rtsp://h/x#imageArea=2,0,9,9', ['ci', 'i']).slice(0, 2)).toEqual([
    ...['0 connecting 1', `0 lost no-video rtsp://h/x: ${message}`],
  ]);
  expect(told('a.mp4#imageArea=2,0,9,9', ['ci|'])).toEqual(['0 connecting 1', `0 error no-video a.mp4: ${message}`]);
  expect(told('rtsp://h/x#imageArea=1,0,9,9', ['ci'])).toEqual(['0 connecting 1', '0 connected', '1 frame 0 [0,200]']);
});
