import { dimText } from '../acquire/connection/dim-pictures';
import { reopenTexts } from '../acquire/connection/reconnect';
import { tracksText } from '../acquire/ffmpeg/tracks';
import { areaText } from '../acquire/image-area/area-text';
import type { ClassifiedFrame } from '../acquisitions/classified-frame';
import { NO_KEY_PICTURE, PICTURES_LATE } from '../event';
import { throttle } from '../measure/failure-log';
import type { Log } from './log.node';

/** Minimum time between log lines about the same loss of a source. */
const SAME_LOSS_MS = 3_600_000;

/** Logs what the person on call needs to know about a stream's source. */
export function sourceLog(log: Log, stream: string): (event: ClassifiedFrame) => void {
  const logArea = areaLog(log, stream);
  const logReplay = replayLog(log, stream);
  const logLoss = lossLog(log, stream);
  return (event) => {
    logArea(event);
    logReplay(event);
    logLoss(event);
    logEvent(log, stream, event);
  };
}

/** Logs where the image area was found, whenever that changes, and each hint about it once. */
function areaLog(log: Log, stream: string): (event: ClassifiedFrame) => void {
  let last = '';
  const warned = new Set<string>();
  return (event) => {
    if (event.kind !== 'area' || !event.found.settled) return;
    const { area, planes, hint } = event.found;
    const found = areaText(area);
    if (found !== last && planes.length > 0 && !event.found.still) log.info({ stream, imageArea: found }, 'image area found');
    last = found;
    if (hint === null || warned.has(hint)) return;
    warned.add(hint);
    log.warn({ stream }, hint);
  };
}

/** Logs the start of each replay of earlier images: it starts no run. */
function replayLog(log: Log, stream: string): (event: ClassifiedFrame) => void {
  let replay = false;
  return (event) => {
    if (event.kind === 'unique') replay = false;
    if (event.kind !== 'replayed' || event.of.latest || replay) return;
    replay = true;
    log.info({ stream }, 'replay: earlier images are shown again; this starts no run');
  };
}

/**
 * Logs that a source is lost or sends no pictures. Until it is connected again, the same line comes once an hour, with
 * the number suppressed since; another reason is logged at once. So the last line of each kind is up to date.
 */
function lossLog(log: Log, stream: string): (event: ClassifiedFrame) => void {
  const fresh = () => ({ line: '', suppressedCount: throttle<string>(SAME_LOSS_MS) });
  let logged = { lost: fresh(), stalled: fresh() };
  let connected = false;
  return (event) => {
    if (event.kind === 'connected') [connected, logged] = [true, { lost: fresh(), stalled: fresh() }];
    if (event.kind !== 'lost' && event.kind !== 'stalled') return;
    const line = event.kind === 'lost' ? event.message : event.packets ? NO_KEY_PICTURE : 'no picture arrives';
    if (line !== logged[event.kind].line) logged[event.kind] = { ...fresh(), line };
    const suppressed = event.kind === 'stalled' && connected ? 0 : logged[event.kind].suppressedCount(line, event.at);
    if (event.kind === 'lost') connected = false;
    if (suppressed === null) return;
    log.warn({ stream, ...(event.kind === 'lost' && { reason: event.reason }), ...(suppressed > 0 && { suppressed }) }, line);
  };
}

function logEvent(log: Log, stream: string, event: ClassifiedFrame): void {
  if (event.kind === 'connected') log.info({ stream, width: event.width, height: event.height, codec: event.codec }, 'connected');
  if (event.kind === 'connected' && event.tracks)
    log.warn({ stream, track: tracksText(event.tracks) }, 'one of several videos is read (track=N selects another)');
  if (event.kind === 'connected') for (const how of event.reopenedFor ?? []) log.warn({ stream }, reopenTexts[how]);
  if (event.kind === 'dim') log.warn({ stream }, dimText(event));
  if (event.kind === 'late') log.warn({ stream, behindMs: Math.round(event.behindMs) }, PICTURES_LATE);
  if (event.kind === 'overloaded') log.warn({ stream }, 'overloaded: not every picture is processed');
  if (event.kind === 'relieved') log.info({ stream }, 'every picture is processed again');
  if (event.kind === 'punctual') log.info({ stream }, 'pictures arrive on time again');
  if (event.kind === 'ended') log.info({ stream }, 'recording over');
}
