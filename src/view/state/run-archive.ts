import { emptyRun, type RunFacts, updateRun, withKeyFrame } from '../../protocol/run-facts';
import type { AnyReceived } from '../../receive/client-events';
import { inOrderOfCapture, type EncodedPicture, type ReceivedMask } from './stream-view';

/** A run as this screen received it. */
export interface KeptRun extends RunFacts {
  readonly run: string;
  /** Of a server that was started anew since; it gives the same names to other runs. */
  readonly former: boolean;
  readonly stream: string;
  /** Server's clock; the first picture's capture where the start was not heard. */
  readonly startedAt: number;
  /** One an image, the latest of it; in the order they came. */
  readonly masks: readonly ReceivedMask[];
  /** In the order of their capture. */
  readonly pictures: readonly EncodedPicture[];
}

/** The latest runs, newest first. */
export type RunArchive = readonly KeptRun[];

export const archiveLimits = { runs: 8, pictureBytes: 64 * 1024 * 1024 };

/** Of one run; a feed whose run never ends must not fill the memory with small things either. */
const PICTURES_KEPT = 1500;
const STABILITY_KEPT = 1500;
const MASKS_KEPT = 64;

/** The archive after a message; bounded in runs and in the bytes of the pictures it keeps. */
export function runArchive(archive: RunArchive, message: AnyReceived, limits = archiveLimits): RunArchive {
  const { stream } = message;
  if (stream === null) return archive;
  switch (message.type) {
    case 'run':
      return changeRun(archive, stream, message.run, message.startedAt, limits.runs, (run) => ({
        ...run,
        startedAt: message.startedAt,
        acquisitions: message.acquisitions,
      }));
    case 'stability':
      return changeRun(archive, stream, message.run, message.at, limits.runs, (run) => ({
        ...run,
        ...updateRun(run, message, STABILITY_KEPT),
      }));
    case 'keyframe':
      return changeRun(archive, stream, message.run, message.capturedAt, limits.runs, (run) => ({
        ...run,
        ...updateRun(run, message, STABILITY_KEPT),
      }));
    case 'mask':
      return changeRun(archive, stream, message.run, message.capturedAt, limits.runs, (run) => ({
        ...run,
        masks: [
          ...run.masks.filter(({ facts }) => facts.frame !== message.frame),
          { facts: message, runLengths: message.payload, seq: message.seq },
        ].slice(-MASKS_KEPT),
      }));
    case 'frame': {
      if (message.run === null) return archive;
      const picture = { facts: message, bytes: message.payload };
      const after = changeRun(archive, stream, message.run, message.capturedAt, limits.runs, (run) => ({
        ...run,
        pictures: inOrderOfCapture([...run.pictures, picture]).slice(-PICTURES_KEPT),
      }));
      return limitPictures(after, limits.pictureBytes);
    }
    case 'snapshot': {
      const { run, startedAt, acquisitions, stability, keyframe } = message;
      if (run === null || startedAt === null) return archive;
      return changeRun(archive, stream, run, startedAt, limits.runs, (known) => ({
        ...known,
        startedAt,
        acquisitions,
        stability,
        keyframes: keyframe ? withKeyFrame(known.keyframes, keyframe) : known.keyframes,
      }));
    }
    case 'hello':
    case 'streams':
    case 'stream':
    case 'invalid':
    case 'loss':
    case 'error':
      return archive;
  }
}

/** A run with more of its pictures and masks; bounded as the archive is. Those it has are not replaced. */
export function addToRun(run: KeptRun, pictures: readonly EncodedPicture[], masks: readonly ReceivedMask[]): KeptRun {
  const fresh = <Of extends EncodedPicture | ReceivedMask>(having: readonly Of[], more: readonly Of[]): readonly Of[] =>
    more.filter(({ facts }) => !having.some((one) => one.facts.capturedAt === facts.capturedAt));
  const [all = run] = limitPictures(
    [
      {
        ...run,
        pictures: inOrderOfCapture([...run.pictures, ...fresh(run.pictures, pictures)]),
        masks: [...run.masks, ...fresh(run.masks, masks)],
      },
    ],
    archiveLimits.pictureBytes,
  );
  return all;
}

/** The archive after the server was started anew. */
export function ofFormerServer(archive: RunArchive): RunArchive {
  return archive.map((run) => ({ ...run, former: true }));
}

/** The mask of a picture: that of the same run and frame, and of no other. */
export function maskOf({ masks }: KeptRun, { facts }: EncodedPicture): ReceivedMask | null {
  return masks.find((mask) => mask.facts.frame === facts.frame && mask.facts.capturedAt === facts.capturedAt) ?? null;
}

function changeRun(
  archive: RunArchive,
  stream: string,
  run: string,
  startedAt: number,
  most: number,
  change: (kept: KeptRun) => KeptRun,
): RunArchive {
  const same = (kept: KeptRun): boolean => kept.run === run && !kept.former;
  if (archive.some(same)) return archive.map((kept) => (same(kept) ? change(kept) : kept));
  const begun: KeptRun = { run, former: false, stream, startedAt, ...emptyRun, masks: [], pictures: [] };
  return [change(begun), ...archive].sort((a, b) => b.startedAt - a.startedAt).slice(0, most);
}

const weight = (pictures: readonly EncodedPicture[]): number => pictures.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);

/** Drops pictures until `most` bytes are left: of the oldest runs first, those without a mask before those with one. */
function limitPictures(archive: RunArchive, most: number): RunArchive {
  let excess = archive.reduce((sum, { pictures }) => sum + weight(pictures), 0) - most;
  const without = (run: KeptRun, mayGo: (picture: EncodedPicture) => boolean): KeptRun => {
    if (excess <= 0) return run;
    const pictures = run.pictures.filter((picture) => {
      if (excess <= 0 || !mayGo(picture)) return true;
      excess -= picture.bytes.byteLength;
      return false;
    });
    return { ...run, pictures };
  };
  const oldestFirst = [...archive].reverse();
  const keysKept = oldestFirst.map((run) =>
    without(
      run,
      (picture) => maskOf(run, picture) === null && !run.keyframes.some(({ capturedAt }) => capturedAt === picture.facts.capturedAt),
    ),
  );
  return keysKept.map((run) => without(run, () => true)).reverse();
}
