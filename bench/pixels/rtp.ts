import type { AccessUnit } from './access-units';

const CLOCK_HZ = 90_000;
const MOST_BYTES = 1400;
const [HEADER, INTERLEAVED] = [12, 4];
const FRAGMENT = 28;

/** Packs pictures for one client: RTP (RFC 6184, 1400-byte fragments) on channel 0 of RTSP (RFC 2326, 10.12). */
export function rtpPacker(fps: number): (unit: AccessUnit, picture: number) => Buffer {
  let sequence = 0;
  const packet = (parts: readonly Buffer[], timestamp: number, isLast: boolean): Buffer => {
    const length = parts.reduce((sum, part) => sum + part.length, HEADER);
    const head = Buffer.alloc(INTERLEAVED + HEADER);
    head.writeUInt8(0x24, 0);
    head.writeUInt16BE(length, 2);
    head.writeUInt8(0x80, 4);
    head.writeUInt8(96 | (isLast ? 0x80 : 0), 5);
    head.writeUInt16BE(sequence, 6);
    head.writeUInt32BE(timestamp, 8);
    head.writeUInt32BE(0x616e6769, 12);
    sequence = (sequence + 1) & 0xffff;
    return Buffer.concat([head, ...parts]);
  };
  return ({ nals }, picture) => {
    const timestamp = Math.round((picture * CLOCK_HZ) / fps) % 2 ** 32;
    const packets: Buffer[] = [];
    for (const [n, nal] of nals.entries()) {
      const isLast = n === nals.length - 1;
      if (nal.length <= MOST_BYTES) packets.push(packet([nal], timestamp, isLast));
      else {
        const first = nal.readUInt8(0);
        for (let at = 1; at < nal.length; at += MOST_BYTES) {
          const ends = at + MOST_BYTES >= nal.length;
          const indicator = Buffer.from([(first & 0xe0) | FRAGMENT, (at === 1 ? 0x80 : 0) | (ends ? 0x40 : 0) | (first & 31)]);
          packets.push(packet([indicator, nal.subarray(at, at + MOST_BYTES)], timestamp, isLast && ends));
        }
      }
    }
    return Buffer.concat(packets);
  };
}
