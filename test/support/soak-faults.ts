import type { Guest } from './light-client';
import type { SoakedProgram } from './soaked-program';

/** Something that befalls the program; resolves when it is over. */
export interface SoakFault {
  readonly name: string;
  readonly strike: () => Promise<void>;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The faults of a soak, in turn, over and over. `crowd`: `count` clients who come all at once and go the same way. */
export function soakFaults(program: SoakedProgram, crowd: (count: number) => readonly Guest[]): readonly SoakFault[] {
  const { served, encoder, inspector } = program;
  let model: 'a' | 'b' = 'a';
  return [
    { name: 'the ffmpeg that reads is killed', strike: () => program.killReader() },
    {
      name: 'the encoder stops and returns',
      async strike() {
        encoder.keepAway(true);
        await pause(5000);
        encoder.keepAway(false);
      },
    },
    {
      name: 'the encoder freezes for 6 s',
      async strike() {
        encoder.signal('SIGSTOP');
        await pause(6000);
        encoder.signal('SIGCONT');
      },
    },
    {
      name: 'the inference worker ends',
      async strike() {
        if ((await inspector.endWorkers('inference-worker')) === 0) throw new Error('there was no inference worker');
      },
    },
    {
      name: 'the threads of the streams end',
      async strike() {
        if ((await inspector.endWorkers('stream-worker')) === 0) throw new Error('there was no thread of a stream');
      },
    },
    { name: 'a stream is added by a reload', strike: () => program.reload({ extra: true }) },
    { name: 'the model is swapped', strike: () => program.reload({ model: (model = model === 'a' ? 'b' : 'a') }) },
    { name: 'a stream is removed by a reload', strike: () => program.reload({ extra: false }) },
    {
      name: 'metrics are scraped every 100 ms',
      async strike() {
        const asked: Promise<unknown>[] = [];
        for (let count = 0; count < 100; count += 1) {
          asked.push(served.get('/metrics'));
          await pause(100);
        }
        await Promise.all(asked);
      },
    },
    {
      name: '100 clients come and go at once',
      async strike() {
        const all = crowd(100);
        await pause(3000);
        for (const guest of all) guest.leave();
      },
    },
  ];
}
