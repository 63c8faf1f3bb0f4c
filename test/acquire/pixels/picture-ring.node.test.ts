import { Worker } from 'node:worker_threads';
import { PictureRing } from '../../../src/acquire/pixels/picture-ring.node';
import { LentFrame, SlotHolders } from '../../../src/acquire/pixels/slot-holders';

const facts = { stream: 's', index: 7, capturedAt: 1, width: 2, height: 2, imageArea: { x: 0, y: 0, width: 2, height: 2 } };

describe('picture ring', () => {
  it('gives no slot that is held, and none when all are held', () => {
    const holders = new SlotHolders(2);
    const ring = new PictureRing(holders, false);
    const [first, second] = [ring.take(4), ring.take(4)];
    first?.pixels.fill(1);
    second?.pixels.fill(2);
    expect([ring.take(4), holders.inUse]).toEqual([null, 2]);
    expect([...(first?.pixels ?? [])]).toEqual([1, 1, 1, 1]);
    first?.loan?.hold();
    first?.loan?.release();
    expect(ring.take(4)).toBeNull();
    first?.loan?.release();
    const third = ring.take(4);
    expect(third?.pixels.byteOffset).toBe(first?.pixels.byteOffset);
    expect(holders.inUse).toBe(2);
  });

  it('uses the same memory for pictures that become smaller, and leaves alone what is held when they become larger', () => {
    const ring = new PictureRing(new SlotHolders(3), false);
    const large = ring.take(1000);
    const small = ring.take(10);
    expect(small?.pixels.buffer).toBe(large?.pixels.buffer);
    large?.pixels.fill(9);
    const larger = ring.take(5000);
    larger?.pixels.fill(1);
    expect(larger?.pixels.buffer).not.toBe(large?.pixels.buffer);
    expect(large?.pixels.every((grey) => grey === 9)).toBe(true);
  });

  it('waits for room, if it is patient, until another thread gives some back', async () => {
    const holders = new SlotHolders(1);
    const ring = new PictureRing(holders, true);
    ring.take(4)?.pixels.fill(5);
    const code = `const { workerData } = require('node:worker_threads');
      setTimeout(() => { Atomics.sub(workerData, 0, 1); Atomics.add(workerData, 1, 1); Atomics.notify(workerData, 1); }, 100);`;
    const worker = new Worker(code, { eval: true, workerData: holders.counts });
    expect(ring.take(4)?.pixels).toHaveLength(4);
    await worker.terminate();
  });

  it('waits no longer once no slot is needed any more', () => {
    const holders = new SlotHolders(1);
    const ring = new PictureRing(holders, true);
    ring.take(4);
    holders.close();
    expect(ring.take(4)).toBeNull();
  });
});

describe('a lent frame', () => {
  const lent = () => {
    const holders = new SlotHolders(1);
    const room = new PictureRing(holders, false).take(4);
    if (!room) throw new Error('Expected room');
    room.pixels.set([1, 2, 3, 4]);
    return { holders, room, frame: new LentFrame(facts, room.pixels, holders.loan(0)) };
  };

  it('frees its slot when it is no longer held, and refuses its pixels from then on', () => {
    const { holders, frame } = lent();
    frame.hold();
    frame.release();
    expect([holders.inUse, [...frame.pixels]]).toEqual([1, [1, 2, 3, 4]]);
    frame.release();
    expect(holders.inUse).toBe(0);
    expect(() => frame.pixels).toThrow('Expected pixels that are held, got those of frame 7, which were released');
  });

  it('shows what it showed when it was kept, whatever becomes of its slot', () => {
    const { room, frame } = lent();
    frame.keep();
    frame.release();
    room.pixels.fill(0);
    expect([...frame.pixels]).toEqual([1, 2, 3, 4]);
    expect(frame.pixels.buffer).toBeInstanceOf(ArrayBuffer);
  });
});
