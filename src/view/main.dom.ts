import type { StreamStatus } from '../measure/stream-status';
import { Connection } from './connection.dom';
import { element, writePanel, writePicker, writeStatus } from './panel.dom';
import { Decoder, PictureCanvas, type Overlay } from './picture.dom';
import { drawSparkline } from './sparkline.dom';
import { emptyView, keyPicture, livePicture, streamView, type StreamView } from './stream-view';
import { age, isCurrent, maskMark } from './words';

const query = new URLSearchParams(location.search);
const token = query.get('token');
let chosen = query.get('stream') ?? '';
let rows: readonly StreamStatus[] = [];
let view: StreamView = emptyView;
let connected = false;
let dirty = true;
let paintedSeq = 0;
let askedAgainFor = 0;

const touch = (): void => {
  dirty = true;
};
const live = new PictureCanvas(element('live', HTMLCanvasElement), touch);
const key = new PictureCanvas(element('key', HTMLCanvasElement), touch);
const liveDecoder = new Decoder(touch);
const keyDecoder = new Decoder(touch);

const connection = new Connection(chosen, token, {
  opened: () => {
    connected = true;
    touch();
  },
  closed: () => {
    connected = false;
    touch();
  },
  received: ({ stream, ...received }) => {
    const { message } = received;
    if (message.type === 'hello') {
      rows = message.streams;
      if (!rows.some(({ id }) => id === chosen)) choose(rows[0]?.id ?? '');
    }
    if (stream !== chosen) return;
    view = streamView(view, received);
    if (message.type === 'frame') liveDecoder.show(livePicture(view));
    keyDecoder.show(keyPicture(view));
    touch();
  },
});

function choose(id: string): void {
  if (id === chosen) return;
  chosen = id;
  view = emptyView;
  liveDecoder.show(null);
  keyDecoder.show(null);
  connection.choose(id);
  touch();
}

async function poll(): Promise<void> {
  const answer = await fetch('api/v1/streams', token === null ? {} : { headers: { Authorization: `Bearer ${token}` } });
  if (answer.ok) rows = (await answer.json()) as StreamStatus[];
  touch();
}

function overlayOn(capturedAt: number | undefined): Overlay {
  const { mask } = view;
  return mask && capturedAt !== undefined ? { mask, own: mask.facts.capturedAt === capturedAt } : null;
}

function paint(): void {
  requestAnimationFrame(paint);
  const now = connection.now();
  const shown = liveDecoder.decoded?.picture.facts;
  const mark = shown ? maskMark(view, shown.capturedAt, now) : null;
  element('live-mark', HTMLElement).textContent = mark ?? '';
  element('live-age', HTMLElement).textContent =
    shown && !(connected && isCurrent(view.state)) ? `Picture ${age(now - shown.capturedAt)} old` : '';
  document.body.dataset.current = String(connected && isCurrent(view.state));
  document.body.dataset.connected = String(connected);
  writePanel(view, chosen, connected, now);
  if (!dirty) return;
  dirty = false;

  live.draw(liveDecoder.decoded, mark === null ? null : overlayOn(shown?.capturedAt));
  const keyShown = keyDecoder.decoded?.picture.facts;
  const keyOverlay = overlayOn(keyShown?.capturedAt);
  key.draw(keyDecoder.decoded, keyOverlay?.own ? keyOverlay : null);
  element('key-panel', HTMLElement).dataset.invalid = String(view.invalid !== null || !connected);
  drawSparkline(element('sparkline', HTMLCanvasElement), view.stability, view.keyframe?.frame ?? null);
  const row = rows.find(({ id }) => id === chosen);
  writeStatus(row && view.mask ? { ...row, model: view.mask.facts.model, provider: view.mask.facts.provider } : row);
  writePicker(
    rows.map((other) => (other.id === chosen ? { ...other, state: view.state } : other)),
    chosen,
    choose,
  );
  if (keyOverlay?.own) reportPainted();
  else askForKeyPicture();
}

/** Tells the server when the mask was on the glass: at the start of the frame after the one it was drawn in. */
function reportPainted(): void {
  const { mask } = view;
  if (!mask || mask.seq === paintedSeq) return;
  paintedSeq = mask.seq;
  const stream = chosen;
  requestAnimationFrame(() =>
    connection.say({ type: 'painted', stream, seq: mask.seq, frame: mask.facts.frame, paintedAt: connection.now() }),
  );
}

/** A mask whose picture does not come (this screen was too slow for it) is asked for once more. */
function askForKeyPicture(): void {
  const { mask } = view;
  if (!mask || askedAgainFor === mask.seq) return;
  askedAgainFor = mask.seq;
  setTimeout(() => {
    if (view.mask === mask && keyPicture(view) === null) connection.again();
  }, 1500);
}

setInterval(() => void poll().catch(() => undefined), 2000);
requestAnimationFrame(paint);
