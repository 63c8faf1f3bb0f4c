import fc from 'fast-check';
import type { PipelineEvent } from '../../src/event';
import type { Snapshot } from '../../src/protocol/messages';
import {
  emptySnapshot,
  type SnapshotMessage,
  type StreamSnapshot,
  toSnapshotMessage,
  updateSnapshot,
} from '../../src/protocol/stream-snapshot';
import { emptyFeed, toStatus, updateFeed } from '../../src/protocol/stream-status';
import type { AnyReceived } from '../../src/receive/client-events';
import { emptyView, streamView, type StreamView } from '../../src/view/state/stream-view';
import { Script } from '../push/scripted';
import { Messages } from '../view/messages';

const say = new Messages();
const geometry = { width: 4, height: 3, pixelAspect: 1, imageArea: null };
const runs = fc.constantFrom('a-1', 'a-2');
const frames = fc.nat(9);
const message: fc.Arbitrary<AnyReceived> = fc.oneof(
  fc.constantFrom('live' as const, 'held' as const, 'lost' as const).map((state) => say.state(state, 'why')),
  fc.tuple(runs, fc.constantFrom('started' as const, 'ended' as const), frames).map((run) => say.run(...run)),
  fc.tuple(runs, frames).map((measured) => say.stability(...measured)),
  fc.tuple(runs, frames, fc.constantFrom('stabilised' as const, 'final' as const)).map((declared) => say.keyFrame(...declared)),
  fc.tuple(runs, frames).map(([run, frame]) => say.mask(run, frame, 1000 + frame)),
  fc.tuple(runs, frames).map((history) => say.invalid(...history)),
  fc.tuple(runs, frames).map(([run, frame]) => say.picture(run, frame, 1000 + frame)),
);

const heard = { at: 5000, since: 0, synced: true };
const seen = (view: StreamView, messages: readonly AnyReceived[]): StreamView =>
  messages.reduce((before, one) => streamView(before, one, heard), view);

/** What the server keeps of the messages that it sends: all of these change the snapshot. */
const sent = (messages: readonly AnyReceived[]): StreamSnapshot =>
  (messages as readonly SnapshotMessage[]).reduce(updateSnapshot, emptySnapshot);

const snapshotOf = (now: StreamSnapshot): Snapshot => toSnapshotMessage(now, geometry, 0);

it('is the same for the server and for a screen that listened all along', () => {
  fc.assert(fc.property(fc.array(message), (all) => expect(snapshotOf(seen(emptyView, all))).toEqual(snapshotOf(sent(all)))));
});

it('is the same for a screen that joins at any time', () => {
  fc.assert(
    fc.property(fc.array(message), fc.array(message), (before, after) => {
      const snapshot = { ...toSnapshotMessage(sent(before), geometry, before.length), seq: 1, stream: 'a', at: 1 };
      expect(snapshotOf(seen(emptyView, [snapshot, ...after]))).toEqual(snapshotOf(sent([...before, ...after])));
    }),
  );
});

it('keeps the valid mask until it becomes history, and no other', () => {
  const masked = sent([say.mask('a-1', 3, 1003), say.invalid('a-1', 4), say.invalid('a-2', 3)]);
  expect(masked.validMask).toMatchObject({ run: 'a-1', frame: 3 });
  expect(sent([say.mask('a-1', 3, 1003), say.invalid('a-1', 3)]).validMask).toBeNull();
});

it('holds nothing of an earlier run once another began', () => {
  const late = sent([say.run('a-2', 'started', 2), say.stability('a-1', 8), say.keyFrame('a-1', 7, 'final')]);
  expect(late).toMatchObject({ run: 'a-2', acquisitions: 2, stability: [], keyframes: [] });
});

it('is the row of a stream, with what only the server has of the feed', () => {
  const s = new Script('a', () => 5);
  const events: readonly PipelineEvent[] = [s.picture(), s.mask('r7', 1, 'stabilised'), s.fate('repeated', 4), s.frame('r7', 1)];
  const row = toStatus('a', 'A', sent([say.state('live'), say.run('r7', 'started', 2)]), events.reduce(updateFeed, emptyFeed));
  expect(row).toMatchObject({ id: 'a', name: 'A', state: 'live', width: 320, height: 240, run: 'r7', provider: 'cpu' });
  expect(row.frames).toMatchObject({ captured: 4, repeated: 4 });
});
