/**
 * What one captured frame costs: `npm run bench:pixels -- [OPTIONS]`. Processor time of the whole program, its ffmpeg
 * included, per frame of an RTSP feed, against ffmpeg that only decodes, a loop with OpenCV and ONNX Runtime, and
 * Roboflow's InferencePipeline, in turn on the same feed (docs/pixels.md). Linux only: it counts in /proc.
 *
 *     --seconds 20      length of the recording, up to the end of a patient; it loops, and a row takes one showing
 *     --showings 1      showings per row: 12 of 25 s show whether frames are lost in five minutes
 *     --only 1080p60    one of 720p30, 1080p60, 2160p60; repeatable
 *     --streams 4       up to so many streams of 1080p60
 *     --viewer yes|no   rows with a viewer of the pictures, or without; both unless given
 *     --no-peers        only ffmpeg and angiocast
 *     --coding C        veryfast, as suites encode, or ultrafast
 *     --overload        instead: 1080p60 with all, a half, a third and a fifth of the processor time that it needs
 *     --out FILE        the tables in Markdown; out/pixels.md unless given
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execFileSync } from 'node:child_process';
import { findFfmpeg } from '../src/acquire/ffmpeg/binary.node';
import type { Coding } from './monitor-recording';
import { cost, inside, overloaded } from './pixels/columns';
import { type Feed, showFeed, startFeed } from './pixels/feed';
import { overload } from './pixels/overload';
import { peerRow } from './pixels/peer';
import { baseline, missingPeers, pythonPeers } from './pixels/peers';
import { programRow } from './pixels/program';
import { msPerFrame, type Row } from './pixels/row';
import { areaOf, recordingOf, type Setting, SETTINGS, USUAL } from './pixels/settings';
import { asMarkdown, asText, type Column } from './pixels/table';

const WARM_UP_SECONDS = 5;

const { values } = parseArgs({
  args: process.argv[2] === 'feed' ? [] : process.argv.slice(2),
  options: {
    seconds: { type: 'string', default: '20' },
    showings: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: SETTINGS.map(({ name }) => name) },
    streams: { type: 'string', default: '4' },
    viewer: { type: 'string' },
    'no-peers': { type: 'boolean', default: false },
    coding: { type: 'string', default: 'veryfast' },
    overload: { type: 'boolean', default: false },
    out: { type: 'string', default: 'out/pixels.md' },
  },
});
if (!(
  Number(values.seconds) > 0 &&
  Number(values.showings) >= 1 &&
  Number(values.streams) >= 1 &&
  ['veryfast', 'ultrafast'].includes(values.coding)
)) {
  process.stderr.write('Expected --seconds above 0, --showings and --streams of at least 1, --coding veryfast or ultrafast\n');
  process.exit(2);
}
const viewers = [false, true].filter((each) => values.viewer === undefined || each === (values.viewer === 'yes'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { path: ffmpeg } = await findFfmpeg();
  const chosen = SETTINGS.filter(({ name }) => (values.overload ? name === USUAL : values.only.includes(name)));
  const most = Math.max(1, Number(values.streams));
  const coding = values.coding as Coding;
  const rows: Row[] = [];
  const done = (row: Row): void => {
    rows.push(row);
    const { found, program } = row;
    process.stderr.write(
      `${row.feed.padEnd(9)}${row.streams} ${row.who.padEnd(26)}${msPerFrame(row).toFixed(2)} ms, ${row.captured} of ${row.due} frames` +
        `${found ? `, ${found.found} of ${found.shown} acquisitions, ${found.extra} extra` : ''}${program ? `, ${program.masks} masks` : ''}${row.skipped > 0 ? `, ${row.skipped} could not be sent` : ''}\n`,
    );
  };
  let how = '';
  if (!values['no-peers'] && !values.overload) for (const line of missingPeers()) say(line);
  for (const setting of chosen) {
    const { video, recorded } = await recordingOf(setting, { ffmpeg, seconds: Number(values.seconds), coding });
    const feed = await startFeed(ffmpeg, video, recorded, setting.name === USUAL ? most : 1);
    try {
      const options = { name: setting.name, imageArea: areaOf(setting), warmUpSeconds: WARM_UP_SECONDS, showings: Number(values.showings) };
      if (values.overload) how = await overload(feed, { ...options, streams: 1, viewer: viewers.at(-1) ?? false }, done);
      else await compare(ffmpeg, feed, setting, most, done);
    } finally {
      feed.close();
    }
  }
  const tables: (readonly [string, readonly Column<Row>[], readonly Row[]])[] = values.overload
    ? [[`${USUAL} with less than it needs (${how})`, overloaded, rows]]
    : [
        ['What a frame costs', cost((row) => rows.find(({ feed, who }) => feed === row.feed && who.startsWith('ffmpeg'))), rows],
        ['Inside the program', inside, rows.filter(({ program }) => program !== null)],
      ];
  const about = `${machine(ffmpeg)}; H.264 ${coding}, ${recordedSeconds(rows)} s a row, ${new Date().toISOString().slice(0, 10)}`;
  for (const [title, columns, of] of tables) say(`\n${title}\n${asText(columns, of)}`);
  say(`\n${about}`);
  mkdirSync(path.dirname(values.out), { recursive: true });
  writeFileSync(
    values.out,
    [...tables.map(([title, columns, of]) => `## ${title}\n\n${asMarkdown(columns, of)}\n`), `${about}\n`].join('\n'),
  );
}

/** All in turn on one feed; then the program on more and more streams. A peer that fails is named and skipped. */
async function compare(ffmpeg: string, feed: Feed, setting: Setting, most: number, done: (row: Row) => void): Promise<void> {
  const { name } = setting;
  const imageArea = areaOf(setting);
  const peers = [baseline(ffmpeg, feed.url(1)), ...(values['no-peers'] ? [] : pythonPeers(feed.url(1), imageArea))];
  for (const peer of peers)
    await peerRow(peer, feed, name, WARM_UP_SECONDS).then(done, (error: unknown) => process.stderr.write(`${String(error)}\n`));
  for (let streams = 1; streams <= (name === USUAL ? most : 1); streams += 1)
    for (const viewer of viewers)
      done(await programRow({ feed, name, streams, viewer, imageArea, warmUpSeconds: WARM_UP_SECONDS, showings: Number(values.showings) }));
}

const recordedSeconds = (rows: readonly Row[]): string => [...new Set(rows.map(({ seconds }) => seconds.toFixed(0)))].join(', ');

function machine(ffmpeg: string): string {
  const version = /^ffmpeg version (\S+)/.exec(execFileSync(ffmpeg, ['-version'], { encoding: 'utf8' }))?.[1] ?? 'unknown';
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ffmpeg ${version}`;
}

if (process.argv[2] === 'feed') showFeed(process.argv.slice(3));
else
  void main().then(
    () => process.exit(),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
