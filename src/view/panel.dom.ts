import type { StreamStatus } from '../measure/stream-status';
import { maskLatency } from '../measure/latency';
import type { StreamView } from './stream-view';
import { age, area, diameter, invalidWords, runName, stateWords } from './words';

/** The rest is counted: the largest decide. */
const LESIONS_SHOWN = 3;

/** The element with this id; a page without it is not our page. */
export function element<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`Expected #${id} in the page`);
  return found;
}

function write(id: string, text: string): void {
  const target = element(id, HTMLElement);
  if (target.textContent !== text) target.textContent = text;
}

/** Writes everything about the stream that is not a picture. */
export function writePanel(view: StreamView, stream: string, connected: boolean, now: number): void {
  const words = stateWords[view.state];
  const state = element('state', HTMLElement);
  state.dataset.state = connected ? view.state : 'disconnected';
  write('state', connected ? `${words.sign} ${words.word}` : '⚠ Disconnected');
  state.title = words.meaning;
  write('reason', connected ? view.reason || words.meaning : 'Nothing here is current');

  write('run', view.run === null ? 'none yet' : runName(view.run, stream));
  write('acquisitions', view.run === null ? '' : `${view.acquisitions} acquisitions${view.phase === 'ended' ? ', ended' : ''}`);
  const { keyframe, mask, invalid } = view;
  write('keyframe', keyframe ? `frame ${keyframe.frame}` : 'not yet');
  const status = element('keyframe-status', HTMLElement);
  status.dataset.status = keyframe?.status ?? '';
  write(
    'keyframe-status',
    keyframe
      ? `${keyframe.status}, ${keyframe.lagFrames} ${keyframe.lagFrames === 1 ? 'frame' : 'frames'} later`
      : 'waiting until the image is stable',
  );

  write('mask-state', maskState(view, stream, now));
  element('mask-state', HTMLElement).dataset.invalid = String(invalid !== null);
  writeLesions(view);
  const timing = mask?.facts.timing;
  write('latency', timing ? `${Math.round(maskLatency(timing, timing.publishedAt).total)} ms` : '');
  write('anticipated', timing?.anticipated ? 'anticipated' : '');
}

function maskState({ mask, invalid, keyframe }: StreamView, stream: string, now: number): string {
  if (!mask) return keyframe ? 'mask on its way' : 'no mask';
  const name = `frame ${mask.facts.frame} of run ${runName(mask.facts.run, stream)}`;
  if (invalid) return `History (${invalidWords[invalid]}): ${name}`;
  return `${name}, ${age(now - mask.facts.capturedAt)} old${mask.facts.paddedFrames > 0 ? `, ${mask.facts.paddedFrames} frames padded` : ''}`;
}

function writeLesions({ mask, invalid }: StreamView): void {
  const list = element('lesions', HTMLElement);
  const key = mask ? `${mask.seq} ${invalid ?? ''}` : '';
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.dataset.invalid = String(invalid !== null);
  const lesions = mask?.facts.lesions ?? [];
  const lines = lesions.slice(0, LESIONS_SHOWN).map((lesion, at) => {
    const line = document.createElement('li');
    const big = document.createElement('strong');
    big.textContent = diameter(lesion);
    line.append(`${at + 1} `, big, ` ${area(lesion)}, ${Math.round(lesion.confidence * 100)} %`);
    return line;
  });
  const note = document.createElement('li');
  if (lesions.length > LESIONS_SHOWN) note.textContent = `and ${lesions.length - LESIONS_SHOWN} smaller`;
  if (lesions.length === 0) note.textContent = mask ? 'No tumour found' : 'No mask';
  list.replaceChildren(...lines, note);
}

/** Writes what is known of the stream as a source, and of the model. */
export function writeStatus(row: StreamStatus | undefined): void {
  const rate = (hertz: number | null | undefined): string => (typeof hertz === 'number' ? hertz.toFixed(hertz < 10 ? 1 : 0) : '–');
  write('rates', `${rate(row?.acquisitionRateHz)} of ${rate(row?.captureRateHz)} frames per s are new`);
  write('model', row?.model ? `${row.model.name} ${row.model.version} on ${row.provider ?? 'unknown'}` : 'loading');
}

/** One button a stream, when there are several. */
export function writePicker(rows: readonly StreamStatus[], chosen: string, choose: (id: string) => void): void {
  const nav = element('streams', HTMLElement);
  nav.hidden = rows.length < 2;
  nav.replaceChildren(
    ...rows.map(({ id, name, state }) => {
      const button = document.createElement('button');
      button.textContent = `${stateWords[state].sign} ${name}`;
      button.title = stateWords[state].word;
      button.setAttribute('aria-pressed', String(id === chosen));
      button.onclick = () => choose(id);
      return button;
    }),
  );
}
