import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Runs a shell line on the machine with the two cards (see run-with-vivid.sh) and gives what it printed. */
function withCards(seconds: number, line: string): { readonly status: number | null; readonly output: string } {
  const ran = spawnSync(path.join(__dirname, 'run-with-vivid.sh'), [String(seconds), 'bash', '-c', line], {
    encoding: 'utf8',
    timeout: (seconds + 60) * 1000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ran.status === 3 || ran.status === 4) throw new Error(ran.stderr);
  return { status: ran.status, output: ran.stdout };
}

it('finds two capture cards and takes thirty pictures of the asked size from each', () => {
  const grab = 'ffmpeg -loglevel error -f v4l2 -video_size 1280x720';
  const { status, output } = withCards(
    120,
    `for card in 0 1; do ${grab} -i /dev/video$card -frames:v 30 -f rawvideo -pix_fmt gray - | wc -c; done`,
  );
  expect(output.match(/^\d+$/gm)).toEqual([String(1280 * 720 * 30), String(1280 * 720 * 30)]);
  expect(status).toBe(0);
}, 200_000);
