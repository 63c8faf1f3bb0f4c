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

it('shows what two capture cards deliver', () => {
  const uris = ['v4l2:/dev/video0#size=1280x720&format=yuyv422', 'v4l2:/dev/video1'];
  const output = withCards(400, uris.map(probe).join('; '));
  for (const uri of uris) {
    const card = output.split(`--- ${uri}\n`)[1]?.split('--- ')[0];
    expect(card).toMatch(/^size +1280 × 720$/m);
    expect(card).toMatch(/^codec +rawvideo$/m);
    expect(card).toMatch(/^capture rate +[\d.]+ a second$/m);
    expect(card).toContain('exit code 0');
  }
}, 560_000);

it('names a missing card in one line', () => {
  // Here, not on the slow emulated machine: no machine of ours has an eighth card.
  const { status, stdout, stderr } = spawnSync('node', ['dist/main.node.js', 'probe', 'v4l2:/dev/video7'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout + stderr).toMatch(/\/dev\/video7/);
  expect(stdout + stderr).not.toMatch(/^ +at /m);
});
