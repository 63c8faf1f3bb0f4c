import { TestScheduler } from 'rxjs/testing';
import { hardwareFirst } from '../../src/acquire/ffmpeg/hardware-decoding';
import type { Hwaccel } from '../../src/acquire/ffmpeg/input';

interface Said {
  readonly kind: string;
}
const events = { o: { kind: 'opened' }, i: { kind: 'image' }, d: { kind: 'damaged' } };
const refused = '[fatal] Unrecognized hwaccel: cuda.';

/**
 * Emissions of two connections to a source that requests hardware, for these marbles and, in `withHardware`, these
 * lines of the log.
 */
function given(connections: readonly string[], withHardware: readonly string[], asked: Hwaccel = 'cuda') {
  const used: Hwaccel[] = [];
  const told: string[] = [];
  const streams: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ cold }) => {
    const open = (hwaccel: Hwaccel, onLine: (line: string) => void) => {
      used.push(hwaccel);
      if (hwaccel !== 'none') withHardware.forEach(onLine);
      return cold<Said>(connections[used.length - 1] ?? '|', events, new Error(`failure ${used.length}`));
    };
    const connect = hardwareFirst(asked, open, ({ hwaccel, reason }) => told.push(`${hwaccel}: ${reason}`));
    const said: string[] = [];
    const listen = (then: () => void) =>
      connect().subscribe({
        next: ({ kind }) => said.push(`${scheduler.now()} ${kind}`),
        error: (error: Error) => (said.push(`${scheduler.now()} ${error.message}`), then()),
        complete: () => (said.push(`${scheduler.now()} end`), then()),
      });
    listen(() => listen(() => streams.push(...said)));
  });
  return { used, told, said: streams };
}

it('opens a source again at once without the hardware that refuses, and never tries it again', () => {
  expect(given(['-o#', '-oi#', 'i|'], [refused])).toEqual({
    used: ['cuda', 'none', 'none'],
    told: ['cuda: Unrecognized hwaccel: cuda'],
    said: ['1 opened', '3 opened', '4 image', '5 failure 2', '5 image', '6 end'],
  });
});

it('stays with the hardware that decodes, whatever else ends a connection', () => {
  expect(given(['-oi#', '#'], [])).toEqual({
    used: ['cuda', 'cuda'],
    told: [],
    said: ['1 opened', '2 image', '3 failure 1', '3 failure 2'],
  });
});

it('leaves a connection alone that goes on without hardware by itself', () => {
  expect(given(['-od#', '|'], [refused])).toEqual({
    used: ['cuda', 'none'],
    told: ['cuda: Unrecognized hwaccel: cuda'],
    said: ['1 opened', '2 damaged', '3 failure 1', '3 end'],
  });
});

it('hands on why there is no picture without hardware, either', () => {
  expect(given(['#', '#', '#'], [refused])).toEqual({
    used: ['cuda', 'none', 'none'],
    told: ['cuda: Unrecognized hwaccel: cuda'],
    said: ['0 failure 2', '0 failure 3'],
  });
});

it('requests no hardware where none is configured', () => {
  expect(given(['i|', '#'], [], 'none')).toEqual({ used: ['none', 'none'], told: [], said: ['0 image', '1 end', '1 failure 2'] });
});
