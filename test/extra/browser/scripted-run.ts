import type { Script } from '../../push/scripted';
import type { Serving } from '../../push/serving';
import { pause } from './chromium-pages';

/** Plays a run of the scripted pipeline up to its key frame and mask, at 25 acquisitions a second. */
export async function playRun(server: Serving, script: Script, run: string, acquisitions: number, keyFrame: number): Promise<void> {
  server.say(script.state('live'), script.picture());
  await playAcquisitions(server, script, run, acquisitions);
  server.say(script.keyFrame(run, keyFrame, 'stabilised'), script.mask(run, keyFrame, 'stabilised'));
}

/** The same without a key frame. */
export async function playAcquisitions(server: Serving, script: Script, run: string, acquisitions: number): Promise<void> {
  for (let frame = 0; frame < acquisitions; frame += 1) {
    if (frame === 1) server.say(script.run(run, 'started', 2));
    server.say(script.frame(run, frame), script.stability(run, frame), script.fate('unique'));
    await pause(40);
  }
}
