import * as z from 'zod/mini';
import { keptPicture, keyFrameTrace, streamRow } from '../protocol/fields';
import type { FrameMessage } from '../protocol/messages';
import type { StreamStatus } from '../protocol/stream-status';
import { decode } from '../receive/decode';
import type { KeyFrameTrace } from '../tracing/key-frame-trace';
import { pictureAddress, recordedRuns, type RecordedRun } from './review/recorded-run';
import type { EncodedPicture, ReceivedMask } from './state/stream-view';
import type { Readiness } from './state/viewer-state';

const rows = z.array(streamRow);
const keptPictures = z.array(keptPicture);
const traces = z.array(keyFrameTrace);
const readiness = z.object({ ready: z.boolean(), reasons: z.array(z.string()) });

/** The HTTP API, as the page uses it. Every method rejects without an answer or with an unexpected one. */
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
    return (await this.get(pictureAddress(run))).blob();
  }

  /** The pictures of a run that the server still keeps. */
  async frames(run: string): Promise<readonly FrameMessage[]> {
    const rows = keptPictures.parse(await (await this.get(`api/v1/runs/${encodeURIComponent(run)}/frames`)).json());
    return rows.map((row) => ({ type: 'frame', run, ...row, repeated: false }));
  }

  async frame(facts: FrameMessage): Promise<EncodedPicture> {
    const answer = await this.get(`api/v1/runs/${encodeURIComponent(facts.run ?? '')}/frames/${facts.frame}`);
    return { facts, bytes: new Uint8Array(await answer.arrayBuffer()) };
  }

  /** The latest mask of a run. */
  async mask(run: string): Promise<ReceivedMask> {
    const answer = await this.get(`api/v1/runs/${encodeURIComponent(run)}/mask`);
    const decoded = decode(await answer.arrayBuffer(), (bytes) => new TextDecoder().decode(bytes));
    if (decoded.kind === 'problem' || decoded.message.type !== 'mask') throw new Error('Expected a mask, got something else');
    return { facts: decoded.message, runLengths: decoded.payload, seq: decoded.message.seq };
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
