import type { Rect } from '../frame';
import { connectedComponents } from '../mask/components';
import { capturedPlane, toContour, traceOutline } from '../mask/contours';
import type { Point } from '../mask/tumour-mask';
import type { Case } from './case';
import { worstFirst } from './evaluation';

/** A representative case, and what it represents. */
export interface ShownCase {
  readonly title: string;
  readonly shown: Case;
}

/** The best, the (lower) median and the worst case by Dice; fewer when there are fewer patients. */
export function shownCases(cases: readonly Case[]): readonly ShownCase[] {
  const ordered = worstFirst(cases);
  const chosen = [
    { title: 'Best', shown: ordered.at(-1) },
    { title: 'Median', shown: ordered[(ordered.length - 1) >> 1] },
    { title: 'Worst', shown: ordered[0] },
  ];
  const wanted =
    ordered.length >= 3 ? chosen : ordered.length === 2 ? [chosen[0]!, chosen[2]!] : [{ title: 'The only patient', shown: ordered[0] }];
  return wanted.flatMap(({ title, shown }) => (shown ? [{ title, shown }] : []));
}

/** One key frame of the panel. Outlines are in pixels of the key frame. */
export interface PanelTile {
  readonly title: string;
  readonly patient: string;
  readonly dice: number;
  readonly keyFrame: number;
  readonly width: number;
  readonly height: number;
  /** The key frame as a base64 PNG. */
  readonly png: string;
  readonly annotated: readonly (readonly Point[])[];
  readonly found: readonly (readonly Point[])[];
}

const TILE = 760;
const MARGIN = 28;
const CAPTION = 92;
const FOOTER = 104;
const FONT = 'font-family="DejaVu Sans, Liberation Sans, Arial, Helvetica, sans-serif"';

interface Style {
  readonly colour: string;
  readonly opacity: number;
  /** Width and dashes are in pixels of the print; no dashes: a solid line. */
  readonly width: number;
  readonly dashes: readonly number[];
}

/** Sky blue and orange of Okabe and Ito's palette, for colour-blind readers; dashes distinguish the lines in grey. */
const STYLES = {
  annotated: { colour: '#56b4e9', opacity: 1, width: 3, dashes: [14, 10] },
  found: { colour: '#e69f00', opacity: 1, width: 3, dashes: [] },
} as const satisfies Readonly<Record<string, Style>>;
const RIM: Style = { colour: '#000', opacity: 0.5, width: 5.5, dashes: [] };

/** Key frames side by side with annotated outlines and those that `model` found, as an SVG for print. */
export function panel(tiles: readonly PanelTile[], model: string): string {
  const tallest = Math.max(...tiles.map(({ width, height }) => (TILE * height) / width));
  const width = MARGIN + tiles.length * (TILE + MARGIN);
  const height = Math.ceil(CAPTION + tallest + FOOTER);
  const drawn = tiles.map((tile, n) => `<g transform="translate(${MARGIN + n * (TILE + MARGIN)} 0)">${drawTile(tile)}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${FONT} font-size="25" fill="#111">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...drawn,
    `<g transform="translate(${MARGIN} ${height - FOOTER})">${legend(model)}</g>`,
    '</svg>',
  ].join('');
}

function drawTile({ title, patient, dice, keyFrame, width, height, png, annotated, found }: PanelTile): string {
  const scale = TILE / width;
  const tall = height * scale;
  return [
    `<text y="40" font-size="28" font-weight="bold">${escapeXml(title)}: Dice ${dice.toFixed(3)}</text>`,
    `<text y="76" fill="#444">${escapeXml(patient.length > 40 ? `…${patient.slice(-39)}` : patient)}, key frame ${keyFrame}</text>`,
    `<svg y="${CAPTION}" width="${TILE}" height="${tall}" viewBox="0 0 ${width} ${height}">`,
    `<image width="${width}" height="${height}" href="data:image/png;base64,${png}"/>`,
    // A dark rim keeps lines visible on a bright background. Dashes over a solid line: both show where they agree.
    ...[...annotated, ...found].map((outline) => drawOutline(outline, RIM, scale)),
    ...found.map((outline) => drawOutline(outline, STYLES.found, scale)),
    ...annotated.map((outline) => drawOutline(outline, STYLES.annotated, scale)),
    '</svg>',
  ].join('');
}

/** `scale` keeps widths and dashes the same in print for any size of key frame. */
function drawOutline(outline: readonly Point[], style: Style, scale: number): string {
  const points = outline.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return `<polygon points="${points}" fill="none" stroke-linejoin="round" ${stroke(style, scale)}/>`;
}

function stroke({ colour, opacity, width, dashes }: Style, scale: number): string {
  const dashed = dashes.length > 0 ? ` stroke-dasharray="${dashes.map((length) => length / scale).join(' ')}"` : '';
  return `stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width / scale}"${dashed}`;
}

function legend(model: string): string {
  const sample = (style: Style, x: number): string => [RIM, style].map((one) => `<path d="M${x} 37h70" ${stroke(one, 1)}/>`).join('');
  return [
    sample(STYLES.annotated, 0),
    '<text x="84" y="46">annotated</text>',
    sample(STYLES.found, 260),
    `<text x="344" y="46">found by ${escapeXml(model)}</text>`,
    '<text y="84" font-size="20" fill="#444">Tumour outlines on the key frame. Research use only, not a medical device.</text>',
  ].join('');
}

const escapeXml = (text: string): string => text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** The outer outlines of all regions of a `width` × `height` mask, however small, in pixels of the picture. */
export function regionOutlines(found: Uint8Array, width: number, height: number, area: Rect): readonly (readonly Point[])[] {
  const all = connectedComponents(found, width, height, 1);
  const plane = capturedPlane(area, width, height);
  return all.components.map((component) => toContour(traceOutline(all, component), plane));
}
