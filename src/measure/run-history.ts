import type { KeyFrameStatus, PipelineEvent } from '../event';
import type { Frame, Rect } from '../frame';
import type { Lesion, TumourMask } from '../mask/tumour-mask';

/** One row of `GET /api/v1/runs`. */
export interface RunRecord {
  readonly run: string;
  readonly stream: string;
  /** Capture of the run's first acquisition. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly acquisitions: number;
  readonly keyFrame: {
    readonly frame: number;
    readonly status: KeyFrameStatus;
    readonly score: number;
    readonly lagFrames: number;
    readonly lagMs: number;
    readonly capturedAt: number;
    /** False: the run showed no contrast agent and has no mask. */
    readonly assessed: boolean;
    /** Why it was not assessed; null if it was. */
    readonly reason: string | null;
    /** The choice of the paper's literal rule, if different; null: the same, or the run is not over. */
    readonly ruleFrame: number | null;
  } | null;
  /** Of the latest mask; empty if it shows none or there is no mask yet. */
  readonly lesions: readonly Lesion[];
  /** The image of the latest mask and its `lesions`; may differ from `keyFrame`. */
  readonly mask: { readonly frame: number; readonly status: KeyFrameStatus; readonly capturedAt: number } | null;
}

/** A run and its pictures, which are dropped once the history outgrows its limit. */
export interface RunEntry {
  readonly record: RunRecord;
  /** The captured picture of the key frame; null: none yet, or dropped. */
  readonly keyFrame: Frame | null;
  /** Null: none yet, or dropped. */
  readonly mask: MaskWithFrame | null;
}

/** A mask and the captured picture it belongs to. */
export interface MaskWithFrame {
  readonly mask: TumourMask;
  readonly imageArea: Rect;
  readonly frame: Frame;
}

/** The latest runs, newest first. */
export type RunHistory = readonly RunEntry[];

export interface HistoryLimits {
  readonly runs: number;
  /** Above this, the pictures of the oldest runs are dropped. */
  readonly pictureBytes: number;
}

export const historyLimits: HistoryLimits = { runs: 200, pictureBytes: 32 * 1024 * 1024 };

/** The history after `event`, within `limits`. Events of unknown runs are ignored. */
export function runHistory(history: RunHistory, event: PipelineEvent, limits: HistoryLimits = historyLimits): RunHistory {
  if (event.kind === 'run') {
    const at = history.findIndex((entry) => entry.record.run === event.run);
    const endedAt = event.phase === 'ended' ? event.at : null;
    if (at >= 0)
      return updateAt(history, at, (entry) => ({ ...entry, record: { ...entry.record, endedAt, acquisitions: event.acquisitions } }));
    const record = {
      run: event.run,
      stream: event.stream,
      startedAt: event.startedAt,
      endedAt,
      acquisitions: event.acquisitions,
      keyFrame: null,
    };
    return [{ record: { ...record, lesions: [], mask: null }, keyFrame: null, mask: null }, ...history].slice(0, limits.runs);
  }
  if (event.kind !== 'stability' && event.kind !== 'keyframe' && event.kind !== 'mask') return history;
  const at = history.findIndex((entry) => entry.record.run === event.run);
  if (at < 0) return history;
  switch (event.kind) {
    case 'stability':
      return updateAt(history, at, (entry) => {
        const acquisitions = Math.max(entry.record.acquisitions, event.frame + 1);
        return { ...entry, record: { ...entry.record, acquisitions } };
      });
    case 'keyframe': {
      const { frame, status, score, lagFrames, lagMs, capturedAt, assessed, reason, ruleFrame } = event;
      const keyFrame = { frame, status, score, lagFrames, lagMs, capturedAt, assessed, reason, ruleFrame };
      return dropOldPictures(
        updateAt(history, at, (entry) => ({ ...entry, record: { ...entry.record, keyFrame }, keyFrame: event.acquisition.frame })),
        limits,
      );
    }
    case 'mask': {
      const mask = { frame: event.frame, status: event.status, capturedAt: event.capturedAt };
      const shown = { mask: event.mask, imageArea: event.imageArea, frame: event.acquisition.frame };
      return dropOldPictures(
        updateAt(history, at, (entry) => ({ ...entry, record: { ...entry.record, mask, lesions: event.mask.lesions }, mask: shown })),
        limits,
      );
    }
  }
}

function updateAt(history: RunHistory, at: number, change: (entry: RunEntry) => RunEntry): RunHistory {
  return history.map((entry, index) => (index === at ? change(entry) : entry));
}

/** Drops the pictures of the oldest runs above the limit. The newest run always keeps its own. */
function dropOldPictures(history: RunHistory, limits: HistoryLimits): RunHistory {
  let bytes = 0;
  return history.map((entry, index) => {
    bytes += pictureBytes(entry);
    return index === 0 || bytes <= limits.pictureBytes ? entry : { record: entry.record, keyFrame: null, mask: null };
  });
}

/** One byte per pixel; a picture shared by key frame and mask counts once. */
function pictureBytes({ keyFrame, mask }: RunEntry): number {
  const frames = new Set([keyFrame, mask?.frame]);
  return [...frames].reduce((sum, frame) => sum + (frame ? frame.width * frame.height : 0), 0);
}
