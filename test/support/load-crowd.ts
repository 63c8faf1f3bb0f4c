import { WebSocket } from 'ws';
import { seededRandom } from '../../src/phantom/random';
import { Guest, type Head } from './light-client';
import { OwedMessages } from './owed-messages';

/** Orders for the process of the clients. */
export type Order =
  | { readonly kind: 'come'; readonly url: string; readonly streams: readonly string[]; readonly masks: number; readonly frames: number }
  /** Delays now belong to this block; `stalled` and `restless` clients misbehave, half of them of each kind. */
  | { readonly kind: 'block'; readonly name: string; readonly stalled: number; readonly restless: number }
  | { readonly kind: 'end' };

/** From published to received, in ms, ascending. */
export type Delays = Readonly<Record<'mask' | 'frame', readonly number[]>>;

/** What it answers in the end. */
export interface CrowdReport {
  readonly blocks: Readonly<Record<string, Delays & { readonly cpuSeconds: number; readonly welcomed: number; readonly cutOff: number }>>;
  /** Messages due to the clients that behaved: published, received, reported as lost, and neither. */
  readonly due: Readonly<
    Record<'mask' | 'frame', { readonly published: number; readonly got: number; readonly reported: number; readonly never: number }>
  >;
  /** Masks that were published, by the numbers of their streams. */
  readonly masksPublished: number;
  /** Numbers that came neither as a message nor as lost, to the client that hears everything. */
  readonly owed: number;
  readonly goodCutOff: number;
}

interface Well {
  readonly topic: 'mask' | 'frame';
  readonly guest: Guest;
  /** Of each stream: the number that the snapshot covers, and the numbers after it. */
  readonly got: Map<string, { readonly from: number; readonly seqs: number[] }>;
  reported: number;
}

const COME_AT_ONCE = 40;
const now = (): number => performance.timeOrigin + performance.now();
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A thousand clients in this process, controlled by its parent. They read as little as they can, to cost little. */
export function loadCrowd(): void {
  const random = seededRandom(1);
  const well: Well[] = [];
  /** The last of the clients of each kind: those who may misbehave. */
  const all: { readonly mask: Guest[]; readonly frame: Guest[] } = { mask: [], frame: [] };
  const published = new Map<string, number>();
  const received = new Map<string, { readonly type: string; readonly seq: number }[]>();
  const owed = new OwedMessages();
  const blocks = new Map<string, { mask: number[]; frame: number[]; cpuSeconds: number; welcomed: number; cutOff: number }>();
  let block: { mask: number[]; frame: number[]; cpuSeconds: number; welcomed: number; cutOff: number } | undefined;
  let offset = 0;
  let masksPublished = 0;
  let witness: Guest | undefined;

  /** When a message was sent, on the server's clock. A mask's time stands deep within it: looked up once for all. */
  const publishedAt = ({ type, stream, seq, at }: Head, data: Buffer): number => {
    if (type !== 'mask') return at;
    const key = `${stream} ${seq}`;
    const known = published.get(key) ?? Number(/"publishedAt":([\d.]+)/.exec(data.toString('latin1', 4, 4 + data.readUInt32LE(0)))?.[1]);
    published.set(key, known);
    return known;
  };
  const hears =
    (one: { current: Well | undefined }) =>
    (_: Guest, head: Head, data: Buffer, __: boolean, receivedAt: number): void => {
      const { type, stream, seq } = head;
      if (one.current === undefined || stream === null) return;
      const { topic, got } = one.current;
      if (type === 'snapshot') return void got.set(stream, { from: (JSON.parse(data.toString()) as { head: number }).head, seqs: [] });
      const had = got.get(stream);
      if (type === 'loss') one.current.reported += (JSON.parse(data.toString()) as { count: number }).count;
      if (type !== topic || had === undefined || seq <= had.from) return;
      had.seqs.push(seq);
      block?.[topic].push(receivedAt - offset - publishedAt(head, data));
    };
  const come = (topic: 'mask' | 'frame', url: string, behaves: boolean): void => {
    const one: { current: Well | undefined } = { current: undefined };
    const guest = new Guest({ url, random: () => random.uniform(), resumes: all[topic].length % 2 === 0, heard: hears(one) });
    all[topic].push(guest);
    if (behaves) well.push((one.current = { topic, guest, got: new Map(), reported: 0 }));
  };
  const everybody = (): readonly Guest[] => [...all.mask, ...all.frame];
  const sum = (of: (guest: Guest) => number): number => everybody().reduce((total, guest) => total + of(guest), 0);
  const cpuSeconds = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
  const closeBlock = (): void => {
    if (!block) return;
    block.cpuSeconds += cpuSeconds();
    block.welcomed += sum(({ welcomed }) => welcomed);
    block.cutOff += sum(({ cutOff }) => cutOff);
    block = undefined;
  };

  const obey = async (order: Order): Promise<unknown> => {
    switch (order.kind) {
      case 'come': {
        const { url, streams, masks, frames } = order;
        offset = await clockOffset(`${url}/ws?topics=run`);
        witness = new Guest({
          url: `${url}/ws?topics=mask,keyframe,run,stability,stream,frame`,
          random: () => 0,
          heard: (_, { type, stream, seq }, data, binary) => {
            if (stream === null) return;
            owed.accept(stream, binary ? { type, seq } : (JSON.parse(data.toString()) as { type: string; seq: number }));
            received.set(stream, [...(received.get(stream) ?? []), { type, seq }].slice(-100_000));
          },
        });
        for (let n = 0; n < masks; n += 1) {
          come('mask', `${url}/ws?topics=mask`, n < masks - MAY_MISBEHAVE);
          if (n % COME_AT_ONCE === 0) await pause(100);
        }
        for (let n = 0; n < frames; n += 1) {
          come('frame', `${url}/ws?topics=frame&stream=${streams[n % streams.length]}`, n < frames - MAY_MISBEHAVE);
          if (n % COME_AT_ONCE === 0) await pause(100);
        }
        while (!everybody().every(({ present }) => present)) await pause(100);
        return { offset, clients: everybody().length };
      }
      case 'block': {
        closeBlock();
        const candidates = { mask: all.mask.slice(-MAY_MISBEHAVE), frame: all.frame.slice(-MAY_MISBEHAVE) };
        for (const some of Object.values(candidates))
          for (const [n, guest] of some.entries())
            guest.behave(n < order.stalled / 2 ? 'stalled' : n < (order.stalled + order.restless) / 2 ? 'restless' : 'steady');
        // What the change of manners costs is not measured.
        await pause(3000);
        block = {
          mask: [],
          frame: [],
          cpuSeconds: -cpuSeconds(),
          welcomed: -sum(({ welcomed }) => welcomed),
          cutOff: -sum(({ cutOff }) => cutOff),
        };
        blocks.set(order.name, block);
        return null;
      }
      case 'end': {
        closeBlock();
        return report();
      }
    }
  };

  const report = async (): Promise<CrowdReport> => {
    const heads = new Map([...received].map(([stream, messages]) => [stream, messages.at(-1)?.seq ?? 0]));
    await pause(4000);
    const due = { mask: { published: 0, got: 0, reported: 0, never: 0 }, frame: { published: 0, got: 0, reported: 0, never: 0 } };
    const byTopic = (type: string): ReadonlyMap<string, readonly number[]> =>
      new Map(
        [...received].map(([stream, messages]) => [stream, messages.flatMap((message) => (message.type === type ? [message.seq] : []))]),
      );
    const sent = { mask: byTopic('mask'), frame: byTopic('frame') };
    masksPublished = [...sent.mask.values()].reduce((total, seqs) => total + seqs.length, 0);
    for (const { topic, got, reported: lost } of well) {
      let never = 0;
      for (const [stream, { from, seqs }] of got) {
        const had = new Set(seqs);
        const wanted = (sent[topic].get(stream) ?? []).filter((seq) => seq > from && seq <= (heads.get(stream) ?? 0));
        due[topic].published += wanted.length;
        due[topic].got += wanted.filter((seq) => had.has(seq)).length;
        never += wanted.filter((seq) => !had.has(seq)).length;
      }
      due[topic].reported += lost;
      due[topic].never += Math.max(0, never - lost);
    }
    const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
    return {
      blocks: Object.fromEntries(
        [...blocks].map(([name, each]) => [name, { ...each, mask: sorted(each.mask), frame: sorted(each.frame) }]),
      ),
      ...{ due, masksPublished, owed: owed.owed },
      goodCutOff: well.reduce((total, { guest }) => total + guest.cutOff, witness?.cutOff ?? 0),
    };
  };

  process.on('message', (order: Order) => {
    void obey(order).then((answer) => {
      process.send?.(answer, () => order.kind === 'end' && process.exit(0));
    });
  });
}

/** So many of each kind of client may be asked to misbehave; nothing is measured of them. */
export const MAY_MISBEHAVE = 50;

/** How far this process's clock is ahead of the server's: the best of some answers to `clock`. */
async function clockOffset(url: string): Promise<number> {
  const socket = new WebSocket(url, 'angiocast.v1');
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let best = { roundTrip: Infinity, offset: 0 };
  socket.on('message', (data: Buffer) => {
    const t3 = now();
    const { type, t0, t1, t2 } = JSON.parse(data.toString()) as { type: string; t0: number; t1: number; t2: number };
    if (type !== 'clock') return;
    const roundTrip = t3 - t0 - (t2 - t1);
    if (roundTrip < best.roundTrip) best = { roundTrip, offset: (t0 - t1 + (t3 - t2)) / 2 };
  });
  for (let count = 0; count < 40; count += 1) {
    socket.send(JSON.stringify({ type: 'clock', t0: now() }));
    await pause(25);
  }
  socket.terminate();
  return best.offset;
}
