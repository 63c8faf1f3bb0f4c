import { randomBytes } from 'node:crypto';
import { Subject, of } from 'rxjs';
import type { PipelineEvent } from '../../src/event';
import { prometheus } from '../../src/measure/prometheus.node';
import { servePush, type Push, type PushOptions } from '../../src/push/serve-push.node';
import { model } from './scripted';

export interface Serving {
  readonly port: number;
  readonly say: (...events: PipelineEvent[]) => void;
  readonly push: Push;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
}

const open: Push[] = [];

/** A server for the streams `a` and `b`, on a free port. */
export async function serving(options: Partial<PushOptions> = {}): Promise<Serving> {
  const events = new Subject<PipelineEvent>();
  const push = await servePush({
    events,
    streams: of([
      { id: 'a', name: 'Suite A' },
      { id: 'b', name: 'Suite B' },
    ]),
    model: of({ ready: true, model, provider: 'cpu' }),
    clock: { now: Date.now },
    metrics: prometheus(),
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0-test',
    newTraceId: () => randomBytes(16).toString('hex'),
    ...options,
  });
  open.push(push);
  return {
    port: push.port,
    push,
    say: (...said) => said.forEach((event) => events.next(event)),
    get: (path, headers = {}) => fetch(`http://127.0.0.1:${push.port}${path}`, { headers }),
  };
}

/** For afterEach. */
export async function stopServing(): Promise<void> {
  await Promise.all(open.splice(0).map((push) => push.close()));
}
