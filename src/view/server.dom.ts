import * as z from 'zod/mini';
import type { KeyFrameTrace } from '../measure/key-frame-trace';
import type { StreamStatus } from '../measure/stream-status';
import { keyFrameTrace, streamRow } from '../push/message-parts';
import { pictureOf, recordedRuns, type RecordedRun } from './recorded-run';
import type { Readiness } from './viewer-state';

const rows = z.array(streamRow);
const traces = z.array(keyFrameTrace);
const readiness = z.object({ ready: z.boolean(), reasons: z.array(z.string()) });

/** What the page asks the server for over HTTP. Everything rejects when the server does not answer, or with something else. */
export class Server {
  constructor(private readonly token: string | undefined) {}

  async readiness(): Promise<Readiness> {
    return readiness.parse(await (await fetch('readyz')).json());
  }

  async rows(): Promise<readonly StreamStatus[]> {
    return rows.parse(await (await this.get('api/v1/streams')).json());
  }

  async runs(stream: string): Promise<readonly RecordedRun[]> {
    return recordedRuns(await (await this.get(`api/v1/runs?stream=${encodeURIComponent(stream)}`)).json());
  }

  async picture(run: RecordedRun): Promise<Blob> {
    return (await this.get(pictureOf(run))).blob();
  }

  async traces(run: string): Promise<readonly KeyFrameTrace[]> {
    return traces.parse(await (await this.get(`api/v1/runs/${encodeURIComponent(run)}/trace`)).json());
  }

  private async get(path: string): Promise<Response> {
    const { token } = this;
    const answer = await fetch(path, token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  }
}
