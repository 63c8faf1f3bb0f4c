import sharp from 'sharp';
import type { Rect } from '../../src/frame';
import { MONITOR_HEIGHT, MONITOR_IMAGE_AREA, MONITOR_WIDTH } from '../../src/phantom/feed/monitor';
import { serve } from './serve';

/** Text beside the image, and a corner of the image itself. */
const besides = MONITOR_IMAGE_AREA.x + MONITOR_IMAGE_AREA.width;
const outside: Rect = { x: besides, y: 0, width: MONITOR_WIDTH - besides, height: MONITOR_HEIGHT };
const inside: Rect = { x: MONITOR_IMAGE_AREA.x, y: MONITOR_IMAGE_AREA.y, width: 120, height: 80 };
const redact = [outside, inside].map(({ x, y, width, height }) => [x, y, width, height].join()).join(';');

/** Grey values of a part of a picture; within its edges by 16 pixels, where JPEG's blocks reach in. */
async function greysOf(picture: Uint8Array, { x, y, width, height }: Rect, edge: number): Promise<Buffer> {
  const part = { left: x + edge, top: y + edge, width: width - 2 * edge, height: height - 2 * edge };
  return sharp(picture).toColourspace('b-w').extract(part).raw().toBuffer();
}

const brightest = (greys: Uint8Array): number => greys.reduce((most, grey) => Math.max(most, grey), 0);

it('lets no pixel out of the places that are to be blanked, to no screen and no PNG, and finds tumours all the same', async () => {
  const served = await serve({ sources: [`phantom:#seed=1&rate=8&id=lab&redact=${redact}`] });
  try {
    const mask = await served.client.waitFor('a final mask', ({ type, status }) => type === 'mask' && status === 'final', 120_000);
    expect((mask.lesions as readonly unknown[]).length).toBeGreaterThan(0);
    const frames = served.client.of('frame').flatMap(({ payload }) => (payload ? [payload] : []));
    expect(frames.length).toBeGreaterThan(10);
    const key = Buffer.from(await (await fetch(`${served.url}/api/v1/runs/${String(mask.run)}/keyframe.png`)).arrayBuffer());
    for (const place of [outside, inside]) {
      for (const frame of frames) expect(brightest(await greysOf(frame, place, 16))).toBeLessThanOrEqual(3);
      expect(brightest(await greysOf(key, place, 0))).toBe(0);
    }
    // Elsewhere there is a picture.
    expect(new Set(await greysOf(key, MONITOR_IMAGE_AREA, 200)).size).toBeGreaterThan(20);
  } finally {
    await served.stop();
  }
}, 180_000);
