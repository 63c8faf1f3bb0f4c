import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Message } from '../e2e/client';
import type { Served } from '../e2e/serve';
import { fates } from '../e2e/suite';
import { keep } from './table';

/** Clients see the true state within a second; later on a busy machine, by as much as this process itself is late. */
const SECOND_MS = 1000;

/** Acquisitions after which a trial begins. */
const SETTLED = 12;

/** The books of one stream, as Prometheus reads them. */
export interface Books {
  readonly captured: number;
  readonly fates: Readonly<Record<string, number>>;
  readonly reconnects: Readonly<Record<string, number>>;
}

/** One fault in one stream of the running program: when clients noticed, when pictures came again, what was lost. */
export interface Trial {
  /** Waits until acquisitions come, and have come for some seconds: the rate of a source is unknown before that. */
  begins(): Promise<void>;
  /** The fault begins now. */
  strikes(): Promise<void>;
  /** Waits until clients get one of these states, within a second unless another time is given. */
  shows(states: readonly string[], withinMs?: number): Promise<Message>;
  /** Something noticed other than by a state: when, and what. */
  noticed(milliseconds: number, what: string): void;
  /** The fault is over now. */
  ends(): void;
  /** Waits until clients have a new acquisition under the state live. */
  recovers(withinMs: number): Promise<void>;
  /** Checks that every captured frame has its one fate, and writes the row. Returns the counts since the fault. */
  balances(): Promise<Books>;
  /** What the stream's clients got since the fault. */
  told(type?: string): readonly Message[];
  state(): string;
}

export function trial(served: Served, stream: string, fault: string, pictures?: () => number): Trial {
  const { client } = served;
  const lateness = monitorEventLoopDelay({ resolution: 10 });
  lateness.enable();
  let [from, struckAt, endedAt, sentBefore] = [0, 0, 0, 0];
  let before: Books = { captured: 0, fates: {}, reconnects: {} };
  let detectedMs: number | null = null;
  let recoveredMs: number | null = null;
  let shown: string | null = null;
  const ours = (message: Message): boolean => message.stream === stream;
  const told = (type?: string): readonly Message[] =>
    client.messages.slice(from).filter((message) => ours(message) && (type === undefined || message.type === type));
  const state = (): string =>
    (client.messages.findLast((message) => ours(message) && message.type === 'stream')?.state as string | undefined) ?? 'connecting';

  return {
    told,
    state,
    async begins() {
      let acquisitions = 0;
      const fits = (message: Message): boolean => ours(message) && message.type === 'frame' && ++acquisitions >= SETTLED;
      await client.waitFor(`${SETTLED} acquisitions of ${stream}`, fits, 40_000);
    },
    async strikes() {
      before = await books(served, stream);
      lateness.reset();
      [from, struckAt, sentBefore] = [client.messages.length, Date.now(), pictures?.() ?? 0];
    },
    async shows(states, withinMs = SECOND_MS) {
      const fits = (message: Message): boolean => ours(message) && message.type === 'stream' && states.includes(String(message.state));
      const message = await client.waitFor(`${states.join(' or ')} of ${stream}`, fits, withinMs + 5000, from);
      const afterMs = message.receivedAt - struckAt;
      const lateMs = Math.max(0, lateness.max / 1e6 - 10);
      detectedMs ??= afterMs;
      if (afterMs > withinMs + lateMs)
        throw new Error(
          `${fault}: ${states.join(' or ')} was told after ${afterMs} ms, while this process was ${lateMs.toFixed()} ms late`,
        );
      return message;
    },
    noticed: (milliseconds, what) => ([detectedMs, shown] = [milliseconds, what]),
    ends: () => void (endedAt = Date.now()),
    async recovers(withinMs) {
      if (endedAt === 0) endedAt = Date.now();
      const fits = (message: Message): boolean =>
        ours(message) && message.type === 'frame' && message.receivedAt > endedAt && state() === 'live';
      const message = await client.waitFor(`an acquisition of ${stream} after the fault`, fits, withinMs, from);
      recoveredMs = message.receivedAt - endedAt;
    },
    async balances() {
      let now = await books(served, stream);
      for (let tries = 0; tries < 50 && sum(now.fates) !== now.captured; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        now = await books(served, stream);
      }
      expect({ fault, fates: sum(now.fates) }).toEqual({ fault, fates: now.captured });
      const since: Books = {
        captured: now.captured - before.captured,
        fates: difference(now.fates, before.fates),
        reconnects: difference(now.reconnects, before.reconnects),
      };
      const counted = [
        ...Object.entries(since.fates).filter(([fate]) => fate.startsWith('dropped')),
        ...Object.entries(since.reconnects).map(([reason, count]) => [`reconnects ${reason}`, count]),
      ].map(([name, count]) => `${name} ${count}`);
      const states = told('stream').map((message) => String(message.state));
      const missed = pictures ? pictures() - sentBefore - since.captured : null;
      const dropped = sum(since.fates) - (since.fates.unique ?? 0) - (since.fates.repeated ?? 0);
      keep({
        ...{ fault, detectedMs, recoveredMs },
        shown: shown ?? (states.join(' → ') || state()),
        lost: `${dropped}${missed === null ? '' : ` + ${Math.max(0, missed)} never came`}`,
        counted: counted.join(', ') || '—',
      });
      return since;
    },
  };
}

export async function books(served: Served, stream: string): Promise<Books> {
  const { body } = await served.get('/metrics');
  const reconnects: Record<string, number> = {};
  for (const [, labels = '', value] of body.matchAll(/^angiocast_reconnects_total\{([^}]*)\} (\d+)$/gm)) {
    const reason = /reason="([^"]*)"/.exec(labels)?.[1] ?? '';
    if (labels.includes(`stream="${stream}"`)) reconnects[reason] = Number(value);
  }
  const captured = Number(new RegExp(`^angiocast_frames_captured_total\\{stream="${stream}"\\} (\\d+)$`, 'm').exec(body)?.[1] ?? NaN);
  return { captured, fates: fates(body, stream), reconnects };
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((all, one) => all + one, 0);

const difference = (now: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(now).flatMap(([name, count]) => (count > (before[name] ?? 0) ? [[name, count - (before[name] ?? 0)]] : [])),
  );
