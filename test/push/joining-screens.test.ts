import type { PipelineEvent } from '../../src/event';
import type { Topic } from '../../src/protocol/messages';
import type { Member } from '../../src/push/websocket/broadcast';
import { Channel } from '../../src/push/websocket/channel.node';
import { StreamTraces, Traces } from '../../src/tracing/traces';
import { Script } from './scripted';

/** A stream whose encoder finishes on the test's command, and screens that record their messages. */
function stage() {
  const finish: ((failed: boolean) => void)[] = [];
  const asked: string[] = [];
  const traces = new StreamTraces('a', new Traces({ newId: () => 'c'.repeat(32), onPublished: () => undefined }), () => 0);
  const channel = new Channel('a', {
    ...{ now: () => 0, record: () => undefined, encoding: 'jpeg', traces, warn: (message) => asked.push(message) },
    encode: ({ index }, width) => {
      asked.push(`${index} as ${width}`);
      return new Promise((resolve, reject) => {
        finish.push((failed) => (failed ? reject(new Error('no memory')) : resolve(Buffer.alloc(1))));
      });
    },
  });
  const screen = (maxWidth: number | null, ...topics: Topic[]) => {
    const heard: string[] = [];
    const member: Member = {
      ...{ topics: new Set(topics), maxWidth },
      offer: ({ type, seq, widths }) => void heard.push(`${type} ${seq}${widths ? ` as ${widths.encoded}` : ''}`),
      noteLoss: (_stream, { from, to }) => void heard.push(`loss ${from}-${to}`),
    };
    return { member, heard };
  };
  const done = async (failed = false): Promise<void> => {
    finish.splice(0).forEach((end) => end(failed));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { channel, screen, asked, done, say: (...events: PipelineEvent[]) => events.forEach((event) => channel.accept(event)) };
}

const script = () => new Script('a', () => 0, 1500, 900);

/** One screen watches as captured, and a picture was sent as message 1. */
async function watched() {
  const on = stage();
  const s = script();
  const first = on.screen(null, 'frame', 'mask');
  on.channel.join(first.member, null);
  on.say(s.frame('r1', 1));
  await on.done();
  expect(first.heard).toEqual(['snapshot 0', 'frame 1 as 1500']);
  return { ...on, s, first };
}

it('begins at once where the pictures are there in its size, or nothing was sent yet, or it wants none', async () => {
  const { channel, screen, asked } = await watched();
  const [same, other] = [screen(null, 'frame'), screen(320, 'mask')];
  channel.join(same.member, null);
  channel.join(other.member, null);
  expect([same.heard, other.heard]).toEqual([['snapshot 0', 'frame 1 as 1500'], ['snapshot 1']]);
  expect(asked).toEqual(['0 as 1500']);
});

it('begins once the pictures are there in its size, with what was sent meanwhile, and its numbers rise', async () => {
  const { channel, screen, say, done, s, first } = await watched();
  const late = screen(320, 'frame', 'mask');
  channel.join(late.member, null);
  say(s.mask('r1', 1, 'stabilised'), s.frame('r1', 2));
  expect(late.heard).toEqual([]);
  await done();
  expect(late.heard).toEqual(['snapshot 0', 'frame 1 as 320', 'mask 2', 'frame 3 as 320']);
  expect(first.heard.slice(2)).toEqual(['mask 2', 'frame 3 as 1500']);
});

it('gets nothing when it leaves or changes its subscription before, or the stream goes', async () => {
  const { channel, screen, done, asked } = await watched();
  const [left, changed, stayed] = [screen(320, 'frame'), screen(320, 'frame'), screen(480, 'frame')];
  for (const { member } of [left, changed, stayed]) channel.join(member, null);
  channel.leave(left.member);
  channel.join(changed.member, 1);
  await done();
  expect([left.heard, changed.heard, stayed.heard]).toEqual([[], [], ['snapshot 0', 'frame 1 as 480']]);
  const gone = screen(640, 'frame');
  channel.join(gone.member, null);
  channel.close();
  await done();
  expect(gone.heard).toEqual([]);
  expect(asked).toEqual(['0 as 1500', '0 as 320', '0 as 480', '0 as 640']);
});

it('counts as one that watches, so that what comes next is there in its size', async () => {
  const { channel, screen, say, done, s, first, asked } = await watched();
  channel.join(screen(320, 'frame').member, null);
  channel.leave(first.member);
  say(s.frame('r1', 2));
  await done();
  expect(asked).toEqual(['0 as 1500', '0 as 320', '1 as 320']);
});

it('begins without a picture that cannot be made in its size', async () => {
  const { channel, screen, done, asked } = await watched();
  const late = screen(320, 'frame');
  channel.join(late.member, null);
  await done(true);
  expect(late.heard).toEqual(['snapshot 1']);
  expect(asked.at(-1)).toBe('Could not encode a picture of a: Error: no memory');
});
