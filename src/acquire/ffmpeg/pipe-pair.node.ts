import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Larger than what the kernel keeps of a pipe. */
const BUFFER_BYTES = 262_144;

export interface PipePair {
  /** Told of by `onBytes`; emits `close` when the other end is closed and all was read. */
  readonly near: Socket;
  /** For a child process to write to. Destroy it here once the child has it. */
  readonly far: Socket;
}

/**
 * A pipe that is read to where `into` says, else into one buffer over and over: a child's own `stdout` allocates memory for each piece, 30 times a frame. `onBytes` is given the
 * piece for as long as it takes to return. Null where there is no such pipe: Windows, or no place for its name.
 */
export async function pipePair(onBytes: (bytes: Uint8Array) => void, into: () => Uint8Array | null): Promise<PipePair | null> {
  if (process.platform === 'win32') return null;
  const folder = await mkdtemp(join(tmpdir(), 'angiocast-pipe-')).catch(() => null);
  if (folder === null) return null;
  const path = join(folder, 'pipe');
  const server = createServer({ pauseOnConnect: true });
  try {
    await listening(server, path);
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const callback = (count: number, buffer: Uint8Array): boolean => {
      onBytes(buffer.subarray(0, count));
      return true;
    };
    const spare = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    const near = connect({ path, onread: { buffer: () => into() ?? spare, callback } });
    const failed = new Promise<never>((_, reject) => near.once('error', reject));
    return { near, far: await Promise.race([accepted, failed]) };
  } catch {
    return null;
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => void server.once('error', reject).listen(path, resolve));
