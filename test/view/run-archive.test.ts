import fc from 'fast-check';
import type { AnyReceived } from '../../src/receive/client-events';
import { maskOf, runArchive, type RunArchive } from '../../src/view/state/run-archive';
import { encoded, Messages } from './messages';

const say = new Messages();
const limits = { runs: 3, pictureBytes: 1000 };
const after = (...messages: readonly AnyReceived[]): RunArchive =>
  messages.reduce<RunArchive>((archive, message) => runArchive(archive, message, limits), []);
const frames = (archive: RunArchive, run: string) => archive.find((kept) => kept.run === run)?.pictures.map(({ facts }) => facts.frame);

it('keeps the pictures, masks and key frames of the latest runs, newest first', () => {
  const archive = after(
    ...[1, 2, 3, 4].flatMap((run) => [
      say.run(`r${run}`, 'started', 2, run * 1000),
      say.picture(`r${run}`, 0, run * 1000),
      say.keyFrame(`r${run}`, 0, 'stabilised', run * 1000),
      say.mask(`r${run}`, 0, run * 1000),
    ]),
  );
  expect(archive.map(({ run }) => run)).toEqual(['r4', 'r3', 'r2']);
  expect(archive[0]).toMatchObject({
    stream: 'a',
    startedAt: 4000,
    acquisitions: 2,
    keyframes: [{ frame: 0 }],
    masks: [{ facts: { run: 'r4' } }],
  });
});

it('lets go first of the oldest runs’ pictures that show no key frame, and at last of those that do', () => {
  const run = (name: string, start: number): AnyReceived[] => [
    say.run(name, 'started', 2, start),
    ...[0, 1, 2, 3].map((frame) => say.picture(name, frame, start + frame, 125)),
    say.keyFrame(name, 1, 'stabilised', start + 1),
    say.mask(name, 1, start + 1),
  ];
  const two = after(...run('r1', 1000), ...run('r2', 2000));
  expect([frames(two, 'r1'), frames(two, 'r2')]).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3],
  ]);
  const more = (bytes: number): RunArchive => runArchive(two, say.picture('r2', 4, 2004, bytes), limits);
  expect([frames(more(250), 'r1'), frames(more(250), 'r2')]).toEqual([
    [1, 3],
    [0, 1, 2, 3, 4],
  ]);
  expect([frames(more(800), 'r1'), frames(more(800), 'r2')]).toEqual([[1], [1]]);
  const key = [say.mask('r2', 4, 2004), say.picture('r2', 4, 2004, 850)].reduce((archive, said) => runArchive(archive, said, limits), two);
  expect([frames(key, 'r1'), frames(key, 'r2')]).toEqual([[], [1, 4]]);
});

it('never keeps more than it may, whatever comes', () => {
  const picture = fc.record({ run: fc.nat(6), frame: fc.nat(40), bytes: fc.nat(400), mask: fc.boolean() });
  fc.assert(
    fc.property(fc.array(picture, { maxLength: 60 }), (pictures) => {
      const archive = after(
        ...pictures.flatMap(({ run, frame, bytes, mask }) => [
          ...(mask ? [say.mask(`r${run}`, frame, run * 1000 + frame)] : []),
          say.picture(`r${run}`, frame, run * 1000 + frame, bytes),
        ]),
      );
      const bytes = archive.flatMap((run) => run.pictures.map((one) => one.bytes.byteLength)).reduce((a, b) => a + b, 0);
      expect(archive.length).toBeLessThanOrEqual(limits.runs);
      expect(bytes).toBeLessThanOrEqual(limits.pictureBytes);
    }),
  );
});

it('finds a mask for its own picture only, the latest of it', () => {
  const [run] = after(say.mask('r1', 3, 3000), say.mask('r1', 3, 3000, 'final'), say.mask('r1', 5, 5000));
  if (!run) throw new Error('Expected a run');
  expect(run.masks).toHaveLength(2);
  expect(maskOf(run, encoded(say.picture('r1', 3, 3000)))?.facts.status).toBe('final');
  expect(maskOf(run, encoded(say.picture('r1', 4, 4000)))).toBeNull();
  expect(maskOf(run, encoded(say.picture('r1', 3, 3001)))).toBeNull();
});

it('keeps no picture that is of no run', () => {
  expect(after(say.picture(null, null, 5), say.state('live'))).toEqual([]);
});
