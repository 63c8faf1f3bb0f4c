import fc from 'fast-check';
import { redactRegions } from '../../src/acquire/pixels/captured-frame';

const side = fc.integer({ min: 1, max: 40 });
const place = fc.record({ x: fc.nat(40), y: fc.nat(40), width: side, height: side });

it('leaves nothing where something is to be hidden, and everything else as it was', () => {
  fc.assert(
    fc.property(side, side, fc.array(place, { maxLength: 4 }), (width, height, places) => {
      const before = Uint8Array.from({ length: width * height }, (_, i) => 1 + (i % 255));
      const after = Uint8Array.from(before);
      redactRegions(after, width, height, places);
      const isForeign = places.some(({ x, y, ...size }) => x + size.width > width || y + size.height > height);
      for (let i = 0; i < after.length; i += 1) {
        const [x, y] = [i % width, Math.floor(i / width)];
        const hidden = isForeign || places.some((p) => x >= p.x && x < p.x + p.width && y >= p.y && y < p.y + p.height);
        if (after[i] !== (hidden ? 0 : before[i])) return false;
      }
      return true;
    }),
  );
});
