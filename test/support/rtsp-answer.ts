import { createServer, type AddressInfo, type Server } from 'node:net';

const servers: Server[] = [];

/** The port of an RTSP server with one answer, as `404 Not Found`. */
export function rtspServer(answer: string): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (request) => {
        const sequence = /CSeq: (\d+)/i.exec(request.toString())?.[1] ?? '1';
        socket.write(
          `RTSP/1.0 ${answer}\r\nCSeq: ${sequence}\r\n${answer.startsWith('401') ? 'WWW-Authenticate: Basic realm="x"\r\n' : ''}\r\n`,
        );
      });
    });
    servers.push(server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
  });
}

export const stopRtspServers = (): void => servers.splice(0).forEach((server) => void server.close());
