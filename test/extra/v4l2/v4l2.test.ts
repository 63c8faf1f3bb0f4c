import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Runs a shell line on the machine with the two cards (see run-with-vivid.sh) and gives what it printed. */
function withCards(seconds: number, line: string): string {
  const ran = spawnSync(path.join(__dirname, 'run-with-vivid.sh'), [String(seconds), 'bash', '-c', line], {
    encoding: 'utf8',
    timeout: (seconds + 120) * 1000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ran.status === 3 || ran.status === 4) throw new Error(ran.stderr + ran.stdout);
  return ran.stdout;
}

const probe = (uri: string): string => `echo "--- ${uri}"; node dist/main.node.js probe '${uri}' 2>&1; echo "exit code $?"`;

it('looks at two capture cards and says what they deliver, and in one line that a third is missing', () => {
  const uris = ['v4l2:/dev/video0#size=1280x720&format=yuyv422', 'v4l2:/dev/video1', 'v4l2:/dev/video7'];
  const output = withCards(400, uris.map(probe).join('; '));
  const [webcam, hdmi, missing] = uris.map((uri) => output.split(`--- ${uri}\n`)[1]?.split('--- ')[0]);
  for (const card of [webcam, hdmi]) {
    expect(card).toMatch(/^size +1280 × 720$/m);
    expect(card).toMatch(/^codec +rawvideo$/m);
    expect(card).toMatch(/^capture rate +[\d.]+ a second$/m);
    expect(card).toContain('exit code 0');
  }
  expect(missing).toMatch(/\/dev\/video7/);
  expect(missing).toContain('exit code 1');
  expect(missing).not.toMatch(/^ +at /m);
}, 560_000);
