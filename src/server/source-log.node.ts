import { dimText } from '../acquire/connection/dim-pictures';
import { reopenTexts } from '../acquire/connection/reconnect';
import { tracksText } from '../acquire/ffmpeg/tracks';
import { areaText } from '../acquire/image-area/area-text';
import type { ClassifiedFrame } from '../acquisitions/classified-frame';
import { NO_KEY_PICTURE, PICTURES_LATE } from '../event';
import { throttle } from '../measure/failure-log';
import type { Log } from './log.node';

/** So often at most it is said that a source is away for the same reason as before. */
const SAME_LOSS_MS = 3_600_000;

/** Says of a stream's source what the person on call wants to read. */
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

/** Where the image area was found, and, once each, what somebody should know of it. */
function areaLog(log: Log, stream: string): (event: ClassifiedFrame) => void {
  let place = '';
  const warned = new Set<string>();
  return (event) => {
    if (event.kind !== 'area' || !event.found.settled) return;
    const { area, planes, hint } = event.found;
    const found = areaText(area);
    if (found !== place && planes.length > 0 && !event.found.still) log.info({ stream, imageArea: found }, 'image area found');
    place = found;
    if (hint === null || warned.has(hint)) return;
    warned.add(hint);
    log.warn({ stream }, hint);
  };
}

/** That images are shown once more, when it begins: they make no run. */
function replayLog(log: Log, stream: string): (event: ClassifiedFrame) => void {
  let replay = false;
  return (event) => {
    if (event.kind === 'unique') replay = false;
    if (event.kind !== 'replayed' || event.of.latest || replay) return;
    replay = true;
    log.info({ stream }, 'replay: earlier images are shown once more, and make no run');
  };
}

/**
 * That a source is lost, or silent; while it is tried again in vain, the same is said once in a while only, with how
 * many were left suppressed since. The last line of each kind is what is true.
 */
function lossLog(log: Log, stream: string): (event: ClassifiedFrame) => void {
  const fresh = () => ({ line: '', suppressedCount: throttle<string>(SAME_LOSS_MS) });
  let said = { lost: fresh(), stalled: fresh() };
  let connected = false;
  return (event) => {
    if (event.kind === 'connected') [connected, said] = [true, { lost: fresh(), stalled: fresh() }];
    if (event.kind !== 'lost' && event.kind !== 'stalled') return;
    const line = event.kind === 'lost' ? event.message : event.packets ? NO_KEY_PICTURE : 'no picture arrives';
    if (line !== said[event.kind].line) said[event.kind] = { ...fresh(), line };
    const suppressed = event.kind === 'stalled' && connected ? 0 : said[event.kind].suppressedCount(line, event.at);
    if (event.kind === 'lost') connected = false;
    if (suppressed === null) return;
    log.warn({ stream, ...(event.kind === 'lost' && { reason: event.reason }), ...(suppressed > 0 && { suppressed }) }, line);
  };
}

function logEvent(log: Log, stream: string, event: ClassifiedFrame): void {
  if (event.kind === 'connected') log.info({ stream, width: event.width, height: event.height, codec: event.codec }, 'connected');
  if (event.kind === 'connected' && event.tracks)
    log.warn({ stream, track: tracksText(event.tracks) }, 'one of several videos is read (track=N takes another)');
  if (event.kind === 'connected') for (const how of event.reopenedFor ?? []) log.warn({ stream }, reopenTexts[how]);
  if (event.kind === 'dim') log.warn({ stream }, dimText(event));
  if (event.kind === 'late') log.warn({ stream, behindMs: Math.round(event.behindMs) }, PICTURES_LATE);
  if (event.kind === 'overloaded') log.warn({ stream }, 'overloaded: not every picture is looked at');
  if (event.kind === 'relieved') log.info({ stream }, 'every picture is looked at again');
  if (event.kind === 'punctual') log.info({ stream }, 'pictures arrive in time again');
  if (event.kind === 'ended') log.info({ stream }, 'recording over');
}
