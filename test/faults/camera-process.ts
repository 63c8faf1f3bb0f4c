import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';

/** Faults of a camera's packets on the way to its readers. */
export interface Ailment {
  /** Share of packets that never arrive. */
  readonly loss: number;
  /** Share of packets that arrive after the next one. */
  readonly late: number;
  /** Share of payload bits that arrive as the other one. */
  readonly flipped: number;
  /** Seconds by which the stream's own time has jumped. */
  readonly jumped: number;
}

const well: Ailment = { loss: 0, late: 0, flipped: 0, jumped: 0 };

/**
 * A camera: an RTSP server that relays what one ffmpeg publishes, to any number of readers over TCP or UDP, from the
 * middle of the stream as live servers do. A process of its own, so that it can be killed and stopped. Reports to its
 * parent with each picture how many have gone by; takes ailments from it.
 *
 *     node camera-process.js PORT FFMPEG SEED [ffmpeg's arguments for the input and its coding …]
 */
function main(): void {
  const [port = '', ffmpeg = '', seed = '', ...input] = process.argv.slice(2);
  const url = `rtsp://127.0.0.1:${port}/live`;
  const random = seeded(Number(seed));
  const readers = new Set<(packet: Buffer) => void>();
  const datagrams = createSocket('udp4').bind(0);
  let ailment = well;
  let description = '';
  let pictures = 0;
  let waiting: readonly Buffer[] = [];

  const relay = (whole: Buffer): void => {
    // The marker bit ends a picture.
    if (((whole[1] ?? 0) & 0x80) !== 0) process.send?.({ pictures: ++pictures });
    if (random() < ailment.loss) return;
    const packet = afflicted(whole, ailment, random);
    if (random() < ailment.late) return void (waiting = [...waiting, packet]);
    for (const due of [packet, ...waiting]) for (const send of readers) send(due);
    waiting = [];
  };

  const server = createServer((socket) => {
    let leave = (): void => undefined;
    let transport = '';
    const done = (): void => leave();
    socket.setNoDelay(true).on('error', done).on('close', done);
    readRtsp(socket, {
      packet: (channel, packet) => channel === 0 && transport === 'record' && relay(packet),
      request: (method, headers, body) => {
        const asked = headers.get('transport') ?? '';
        switch (method) {
          case 'ANNOUNCE':
            description = body;
            return {};
          case 'DESCRIBE':
            return description === '' ? null : { 'Content-Type': 'application/sdp', 'Content-Base': `${url}/`, body: description };
          case 'SETUP': {
            transport = asked;
            const to = Number(/client_port=(\d+)/.exec(asked)?.[1]);
            const mine = datagrams.address().port;
            return { Transport: to > 0 ? `${asked};server_port=${mine}-${mine + 1}` : asked };
          }
          case 'RECORD':
            transport = 'record';
            return {};
          case 'PLAY': {
            const to = Number(/client_port=(\d+)/.exec(transport)?.[1]);
            const send =
              to > 0 ? (packet: Buffer) => datagrams.send(packet, to, '127.0.0.1') : (packet: Buffer) => interleave(socket, packet);
            readers.add(send);
            leave = () => readers.delete(send);
            return {};
          }
          case 'TEARDOWN':
            leave();
            return {};
          default:
            return { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, ANNOUNCE, RECORD' };
        }
      },
    });
  });
  server.listen(Number(port), '0.0.0.0', () => {
    const args = ['-v', 'error', '-nostdin', ...input, '-f', 'rtsp', '-rtsp_transport', 'tcp', url];
    const publisher = spawn(ffmpeg, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    publisher.on('error', (error) => process.stderr.write(`${error.message}\n`));
    process.on('disconnect', () => (publisher.kill('SIGKILL'), process.exit()));
  });
  process.on('message', (told: Partial<Ailment>) => (ailment = { ...well, ...told }));
}

function afflicted(whole: Buffer, { flipped, jumped }: Ailment, random: () => number): Buffer {
  const packet = Buffer.from(whole);
  packet.writeUInt32BE((packet.readUInt32BE(4) + Math.round(jumped * 90_000) + 2 ** 33) % 2 ** 32, 4);
  if (flipped === 0) return packet;
  const headerBits = 12 * 8;
  const next = (): number => 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - flipped));
  for (let bit = headerBits + next(); bit < packet.length * 8; bit += next())
    packet[bit >> 3] = (packet[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return packet;
}

/** A reader that takes nothing loses packets rather than filling the camera's memory. */
function interleave(socket: Socket, packet: Buffer): void {
  if (socket.writableLength > 4_000_000) return;
  socket.write(Buffer.concat([Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]), packet]));
}

type Answer = { readonly body?: string } & Readonly<Record<string, string>>;

/** Requests and the packets between them. Null answers 404. */
function readRtsp(
  socket: Socket,
  on: {
    readonly packet: (channel: number, packet: Buffer) => unknown;
    readonly request: (method: string, headers: ReadonlyMap<string, string>, body: string) => Answer | null;
  },
): void {
  let unread = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    unread = Buffer.concat([unread, bytes]);
    for (;;) {
      if (unread[0] === 0x24) {
        const end = unread.length < 4 ? Infinity : 4 + unread.readUInt16BE(2);
        if (unread.length < end) return;
        on.packet(unread[1] ?? 0, unread.subarray(4, end));
        unread = unread.subarray(end);
        continue;
      }
      const headersEnd = unread.indexOf('\r\n\r\n');
      if (headersEnd < 0) return;
      const [first = '', ...lines] = unread.toString('latin1', 0, headersEnd).split('\r\n');
      const headers = new Map(
        lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const end = headersEnd + 4 + Number(headers.get('content-length') ?? 0);
      if (unread.length < end) return;
      const answer = on.request(first.split(' ')[0] ?? '', headers, unread.toString('utf8', headersEnd + 4, end));
      const { body = '', ...more } = answer ?? {};
      const said = {
        CSeq: headers.get('cseq') ?? '0',
        Session: '1',
        ...more,
        ...(body === '' ? {} : { 'Content-Length': String(body.length) }),
      };
      const fields = Object.entries(said).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`RTSP/1.0 ${answer ? '200 OK' : '404 Not Found'}\r\n${fields.join('')}\r\n${body}`);
      unread = unread.subarray(end);
    }
  });
}

/** mulberry32 (Tommy Ettinger): the same faults in every run of a test. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

main();
