import { createServer, type Server, type Socket } from 'node:net';
import { type AccessUnit, parameterSets } from './access-units';
import { rtpPacker } from './rtp';

/** Pictures of a client that does not read are kept up to here; then it misses some, as behind any encoder. */
const MOST_UNREAD_BYTES = 16 * 2 ** 20;

interface Reader {
  readonly stream: number;
  readonly socket: Socket;
  readonly pack: (unit: AccessUnit, picture: number) => Buffer;
  /** Waits for a key picture. */
  waits: boolean;
}

export interface RtspServer {
  readonly server: Server;
  /** Gives every reader of a stream its next picture, the how manieth of the feed it is. */
  show(stream: number, unit: AccessUnit, picture: number): void;
  /** Pictures that were not sent, because a client did not read, since this was asked last. */
  skipped(): number;
}

/**
 * As much of an RTSP server as clients over TCP need: `rtsp://HOST:PORT/STREAM`, one H.264 track, any number of
 * clients, each from the next key picture on. It packs a picture once per client and does nothing else.
 */
export function rtspServer(units: readonly AccessUnit[], fps: number): RtspServer {
  const [sps, pps] = parameterSets(units);
  const sdp = [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=monitor', 'c=IN IP4 0.0.0.0', 't=0 0', 'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000'],
    `a=fmtp:96 packetization-mode=1;profile-level-id=${sps.toString('hex', 1, 4)};sprop-parameter-sets=${[sps, pps].map((set) => set.toString('base64')).join(',')}`,
    ...[`a=framerate:${fps}`, 'a=control:track', ''],
  ].join('\r\n');
  const readers = new Set<Reader>();
  let skipped = 0;

  const answer = (socket: Socket, request: string): void => {
    const [, method = '', stream = '1'] = /^(\w+) rtsps?:\/\/[^/\s]+\/(\d+)?/.exec(request) ?? [];
    const header = (name: string): string => new RegExp(`^${name}: *(.*?)\r?$`, 'im').exec(request)?.[1] ?? '';
    const say = (status: string, headers: readonly string[] = [], body = ''): void => {
      const lines = [`RTSP/1.0 ${status}`, `CSeq: ${header('CSeq')}`, ...headers];
      if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    };
    if (method === 'OPTIONS') say('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN']);
    else if (method === 'DESCRIBE') say('200 OK', [`Content-Base: rtsp://127.0.0.1/${stream}/`, 'Content-Type: application/sdp'], sdp);
    else if (method === 'SETUP' && !header('Transport').includes('TCP')) say('461 Unsupported Transport');
    else if (method === 'SETUP') say('200 OK', ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: 1;timeout=60']);
    else if (method === 'TEARDOWN') socket.end();
    else say('200 OK', ['Session: 1']);
    if (method === 'PLAY') readers.add({ stream: Number(stream), socket, pack: rtpPacker(fps), waits: true });
  };

  const server = createServer({ noDelay: true }, (socket) => {
    let unread = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes]);
      for (;;) {
        // The clients' reception reports (RTCP) are of no use here.
        if (unread[0] === 0x24 && unread.length >= 4 && unread.length >= 4 + unread.readUInt16BE(2))
          unread = unread.subarray(4 + unread.readUInt16BE(2));
        const end = unread[0] === 0x24 ? -1 : unread.indexOf('\r\n\r\n');
        if (end < 0) return;
        answer(socket, unread.toString('latin1', 0, end));
        unread = unread.subarray(end + 4);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const reader of readers) if (reader.socket === socket) readers.delete(reader);
    });
  });

  return {
    server,
    skipped() {
      const count = skipped;
      skipped = 0;
      return count;
    },
    show(stream, unit, picture) {
      for (const reader of readers) {
        if (reader.stream !== stream) continue;
        if (unit.isKey && reader.socket.writableLength < MOST_UNREAD_BYTES) reader.waits = false;
        if (!reader.waits && reader.socket.writableLength > MOST_UNREAD_BYTES) reader.waits = true;
        if (!reader.waits) reader.socket.write(reader.pack(unit, picture));
        else if (reader.socket.writableLength > MOST_UNREAD_BYTES) skipped += 1;
      }
    },
  };
}
