import { isNoSignal } from '../../src/acquisitions/noise-comparison';
import { phantomRun } from '../../src/phantom/feed/phantom-run';
import { seededRandom } from '../../src/phantom/random';
import { frameAt } from '../support/frames';
import { painted, toPixels } from '../support/grey';

const [WIDTH, HEIGHT] = [640, 480];
const { uniform } = seededRandom(1);
const grey = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
const bell = (sigma: number) => (): number => grey(110 + 2 * sigma * (uniform() + uniform() + uniform() - 1.5));
/** Noise with grains of this size in pixels. */
function snow(draw: () => number, grain = 1, width = WIDTH, height = HEIGHT): Uint8Array {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y += grain)
    for (let x = 0; x < width; x += grain) {
      const value = draw();
      for (let dy = 0; dy < grain; dy++) pixels.fill(value, (y + dy) * width + x, (y + dy) * width + x + grain);
    }
  return pixels;
}
const seen = (pixels: Uint8Array, width = WIDTH, height = HEIGHT): boolean => isNoSignal(frameAt(0, { width, height, pixels }));

/** The same picture with a uniformly grey rectangle. */
function covered(pixels: Uint8Array, left: number, top: number, right: number, bottom: number): Uint8Array {
  const copy = pixels.slice();
  for (let y = top; y < bottom; y++) copy.fill(16, y * WIDTH + left, y * WIDTH + right);
  return copy;
}

it('recognises the noise of a monitor without a signal, fine or coarse, also with text on it', () => {
  const fine = snow(() => grey(256 * uniform()));
  expect(seen(fine)).toBe(true);
  expect(seen(snow(bell(55)))).toBe(true);
  expect(seen(snow(bell(60), 2))).toBe(true);
  expect(seen(covered(fine, 250, 220, 390, 260))).toBe(true);
});

it('is not misled by noise with a panel or a border beside it, by fainter noise, a grid, black or a picture that is very small', () => {
  const fine = snow(() => grey(256 * uniform()));
  expect(seen(covered(fine, 520, 0, WIDTH, HEIGHT))).toBe(false);
  expect(seen(covered(fine, 0, 0, WIDTH, 60))).toBe(false);
  expect(seen(snow(bell(35)))).toBe(false);
  let n = 0;
  expect(seen(snow(() => 255 * ((n++ + Math.floor((n - 1) / WIDTH)) & 1)))).toBe(false);
  expect(seen(new Uint8Array(WIDTH * HEIGHT))).toBe(false);
  expect(
    seen(
      snow(() => grey(256 * uniform()), 1, 100, 100),
      100,
      100,
    ),
  ).toBe(false);
});

it('takes no exposure for snow, however noisy, where the image fills the picture', () => {
  expect(seen(toPixels(painted({ seed: 1, sigma: 30 })), 256, 256)).toBe(false);
  // The noisiest simulated patients.
  for (const seed of [2, 3, 10]) {
    const { acquisitions, imageAt } = phantomRun(seed, { width: 256, height: 256, rateHz: 4 });
    for (let i = 0; i < acquisitions; i += 4) expect(seen(imageAt(i), 256, 256)).toBe(false);
  }
});
