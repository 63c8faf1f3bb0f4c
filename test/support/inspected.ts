import { WebSocket } from 'ws';

/** A Node process seen through its inspector (`--inspect`). */
export interface Inspected {
  collectGarbage(): Promise<void>;
  /** Ends the worker threads of this file, but not in native code, which would crash the process; how many. */
  endWorkers(file: string): Promise<number>;
  close(): void;
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string; readonly workerInfo?: { readonly url: string } };
  readonly error?: { readonly message: string };
}

export async function inspected(port: number): Promise<Inspected> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as readonly {
    readonly webSocketDebuggerUrl: string;
  }[];
  if (!target) throw new Error(`Expected a process to inspect at port ${port}, got none`);
  const socket = new WebSocket(target.webSocketDebuggerUrl, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (answer: Answer) => void>();
  const workers = new Map<string, string>();
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    const session = answer.params?.sessionId ?? '';
    if (answer.method === 'NodeWorker.attachedToWorker') workers.set(session, answer.params?.workerInfo?.url ?? '');
    if (answer.method === 'NodeWorker.detachedFromWorker') workers.delete(session);
  });
  let isClosed = false;
  socket
    .on('error', () => undefined)
    .on('close', () => {
      isClosed = true;
      for (const answer of waiting.values()) answer({ error: { message: 'the process is gone' } });
    });
  let asked = 0;
  const ask = (method: string, params: object = {}): Promise<void> =>
    new Promise((resolve, reject) => {
      if (isClosed) return reject(new Error(`${method}: the process is gone`));
      const id = (asked += 1);
      waiting.set(id, ({ error }) => {
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve();
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    collectGarbage: () => ask('HeapProfiler.collectGarbage'),
    async endWorkers(file) {
      await ask('NodeWorker.enable', { waitForDebuggerOnStart: false });
      const all = [...workers].flatMap(([session, url]) => (url.includes(file) ? [session] : []));
      const expression = 'void setTimeout(() => process.exit(1))';
      const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
      for (const sessionId of all) await ask('NodeWorker.sendMessageToWorker', { sessionId, message });
      await ask('NodeWorker.disable');
      workers.clear();
      return all.length;
    },
    close: () => socket.terminate(),
  };
}
