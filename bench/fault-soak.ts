/**
 * The program at work while things go wrong: `npm run soak:nightly` for an hour, `npm run test:soak -- [MINUTES]
 * [LEAK]` for five minutes or another time. Two streams; clients that read, stall, come and go; a fault every two
 * minutes, more often in a short soak. After each the streams must be back and the ledger must balance, and what the
 * program holds (memory, handles, timers, descriptors, processes, threads) must stay the same; fails otherwise. LEAK:
 * MB a minute that are leaked on purpose, to see it fail. Linux only: it counts in /proc.
 */
import { cpus } from 'node:os';
import { seededRandom } from '../src/phantom/random';
import { Guest } from '../test/support/light-client';
import { metricsOf, unbalanced } from '../test/support/ledger';
import { OwedMessages } from '../test/support/owed-messages';
import { soakFaults } from '../test/support/soak-faults';
import { soakVerdict, type SoakReading } from '../test/support/soak-verdict';
import { type SoakedProgram, soakedProgram, STREAMS, until } from '../test/support/soaked-program';

const minutes = Number(process.argv[2] ?? 5);
const leakMb = Number(process.argv[3] ?? 0);
const isLong = minutes > 20;
const FAULT_EVERY_MS = isLong ? 120_000 : 25_000;
/** Between two looks stalled clients read nothing: in a long soak for so long that they are sent away. */
const READ_EVERY_MS = isLong ? 36_000 : 1000;
/** By then the streams must be live again, with new masks. */
const BACK_WITHIN_MS = 45_000;
/** After a fault, until what is torn down is gone: the connections that clients of HTTP keep for a while, too. */
const SETTLE_MS = 6000;
/** Until what is bounded is full: past runs, and what clients that come back are told again. */
const WARM_UP_MINUTES = isLong ? minutes / 2 : 2;
/** A few minutes show only what leaks fast. */
const MOST_MB_A_MINUTE = isLong ? 0.6 : 10;
const CLIENTS = { stalled: 5, restless: 5 };
const ALL_TOPICS = 'topics=mask,keyframe,run,stability,stream,frame';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));

async function main(): Promise<void> {
  const program = await soakedProgram(leakMb);
  try {
    process.exitCode = (await soak(program)) ? 0 : 1;
  } catch (error) {
    const { exitCode, signalCode } = program.served.process;
    say(`${String(error)}; the program ${exitCode ?? signalCode ?? 'goes on'}, it last said:\n${program.served.log().slice(-3000)}`);
    process.exitCode = 1;
  } finally {
    await program.stop();
  }
}

/** Returns whether all was well. */
async function soak(program: SoakedProgram): Promise<boolean> {
  const { served } = program;
  const url = `${served.url.replace('http', 'ws')}/ws?`;
  const random = seededRandom(1);
  const failures: string[] = [];

  // The witness subscribes to everything: what it is owed, no client got.
  const owed = new OwedMessages();
  const state = new Map<string, string>();
  const seen = new Map<string, { liveAt: number; maskAt: number }>();
  const witness = new Guest({
    url: `${url}${ALL_TOPICS}`,
    random: () => random.uniform(),
    heard: (_, head, data, binary) => {
      if (head.type === 'hello') owed.connected();
      const { stream, type, seq } = head;
      if (stream === null) return;
      owed.accept(stream, binary ? { type, seq } : (JSON.parse(data.toString()) as { type: string; seq: number }));
      const last = seen.get(stream) ?? { liveAt: 0, maskAt: 0 };
      if (type === 'stream' || type === 'snapshot') state.set(stream, (JSON.parse(data.toString()) as { state: string }).state);
      if (type === 'frame' && state.get(stream) === 'live') last.liveAt = performance.now();
      if (type === 'mask') last.maskAt = performance.now();
      seen.set(stream, last);
    },
  });
  const guest = (resumes: boolean): Guest =>
    new Guest({ url: `${url}${ALL_TOPICS}`, resumes, random: () => random.uniform(), heard: () => undefined });
  const stalled = Array.from({ length: CLIENTS.stalled }, () => guest(false));
  const restless = Array.from({ length: CLIENTS.restless }, (_, n) => guest(n % 2 === 0));
  const misbehave = (): void => {
    for (const each of stalled) each.behave('stalled');
    for (const each of restless) each.behave('restless');
  };
  misbehave();
  const everybody = [witness, ...stalled, ...restless];

  const isBack = (since: number): boolean =>
    STREAMS.every((stream) => {
      const last = seen.get(stream);
      return last !== undefined && last.liveAt > since && last.maskAt > since;
    });
  await until(() => isBack(0), 120_000, 'there were no masks at the beginning');
  const faults = soakFaults(program, (count) => Array.from({ length: count }, (_, n) => guest(n % 2 === 0)));

  const readings: SoakReading[] = [];
  const began = performance.now();
  const minute = (): number => (performance.now() - began) / 60_000;
  const fail = (what: string): void => void (failures.push(`minute ${minute().toFixed(1)}: ${what}`), say(`! ${what}`));
  /** Times at which no client comes, goes or stalls. */
  const look = async (): Promise<void> => {
    for (const each of [...stalled, ...restless]) each.behave('steady');
    // Those that were sent away notice it now.
    await pause(500);
    await until(() => everybody.every(({ present }) => present), 20_000, 'clients were not let in');
    await pause(500);
    const reading = await program.read(minute());
    readings.push(reading);
    say(
      `${reading.minute.toFixed(1).padStart(6)}  ${reading.heapMb.toFixed(2).padStart(7)}  ${reading.residentMb.toFixed(1).padStart(8)}  ` +
        [reading.handles, reading.timers, reading.descriptors, reading.processes, reading.threads, reading.vipsThreads]
          .map((count) => String(count).padStart(4))
          .join(' '),
    );
    const out = await unbalanced(served, 10_000);
    for (const [stream, by] of out) fail(`${by} frames of ${stream} have no fate`);
    misbehave();
  };

  say('minute  heap MB  resident  handles timers descriptors processes threads libvips');
  let extra = false;
  for (let count = 0; minute() < minutes; count += 1) {
    const due = began + (count + 1) * FAULT_EVERY_MS;
    const fault = faults[count % faults.length];
    if (!fault) break;
    say(`        ${fault.name}`);
    await fault.strike();
    if (fault.name.startsWith('a stream')) extra = fault.name.includes('added');
    const over = performance.now();
    await until(() => isBack(over), BACK_WITHIN_MS, '').then(
      () => say(`        back after ${((performance.now() - over) / 1000).toFixed(1)} s`),
      () => fail(`after "${fault.name}" no live picture or no mask within ${BACK_WITHIN_MS / 1000} s`),
    );
    await until(() => owed.owed === 0, 5000, '').catch(() => fail(`${owed.owed} messages came neither as such nor as lost`));
    await pause(over + SETTLE_MS - performance.now());
    // With a third stream there is more to hold.
    do {
      if (!extra) await look();
      await pause(Math.min(READ_EVERY_MS, due - performance.now()));
    } while (performance.now() < due);
  }

  const metrics = await metricsOf(served);
  const steady = readings.filter((reading) => reading.minute > WARM_UP_MINUTES);
  for (const { name, first, last, slope, error, problem: why } of soakVerdict(steady, MOST_MB_A_MINUTE)) {
    say(`${name.padEnd(12)} ${first.toFixed(1)} → ${last.toFixed(1)}, ${slope.toFixed(3)} ± ${error.toFixed(3)} a minute`);
    if (why !== null) failures.push(`${name} ${why}`);
  }
  for (const line of metrics.split('\n'))
    if (
      /^angiocast_(reconnects_total|config_reloads_total|model_swaps_total|client_messages_dropped_total|inference_failures_total|frames_captured_total).* [1-9]/.test(
        line,
      )
    )
      say(line);
  say(
    `stalled clients sent away ${stalled.reduce((sum, { cutOff }) => sum + cutOff, 0)}, restless ones came ${restless.reduce((sum, { welcomed }) => sum + welcomed, 0)} times`,
  );
  say(`witness sent away ${witness.cutOff}, told of ${owed.lost} messages lost, owed ${owed.owed}`);
  say(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; ${minutes} minutes, ${WARM_UP_MINUTES} of them warm-up, ${steady.length} readings${leakMb > 0 ? `, ${leakMb} MB a minute leaked on purpose` : ''}`,
  );
  if (witness.cutOff > 0) failures.push('the client that reads everything was sent away');
  for (const each of everybody) each.leave();
  for (const each of failures) say(`FAILED ${each}`);
  say(failures.length === 0 ? 'nothing grew, everything came back, the ledger balances' : `${failures.length} failures`);
  return failures.length === 0;
}

void main().then(() => process.exit());
