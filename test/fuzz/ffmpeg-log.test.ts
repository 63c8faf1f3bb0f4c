import { from, lastValueFrom, toArray } from 'rxjs';
import fc from 'fast-check';
import { connection } from '../../src/acquire/connection/connection';
import { readLogLine } from '../../src/acquire/ffmpeg/log-line';
import type { ProcessEvent } from '../../src/acquire/ffmpeg/process-event';
import { SourceError } from '../../src/acquire/source';
import { holds, keptTexts, mustBeOneLine } from './fuzz';
import { anyText, mutatedText } from './mutations';

const pictureLine =
  '[Parsed_showinfo_2 @ 0x55d1] [info] n:   3 pts:  69000 pts_time:0.75 pos:       -1 fmt:gray sar:0/1 s:32x24 i:P iskey:1 type:I ';
const lines = fc.constantFrom(
  pictureLine,
  '[info]   Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 1280x1024, 29.97 fps, 30 tbr, 90k tbn',
  '[rtsp @ 0x1] [error] method DESCRIBE failed: 401 Unauthorized',
  '[info]     title           : Suite 1',
  '[h264 @ 0x5] [error] error while decoding MB 12 8, bytestream -5',
  '[fatal] pipe:1: No space left on device',
);
const said = fc.oneof({ weight: 3, arbitrary: mutatedText(lines) }, { weight: 1, arbitrary: anyText }, { weight: 1, arbitrary: lines });

holds(
  'a line of the log is parsed, or ignored',
  said,
  (line) => {
    const fact = readLogLine(line);
    if (fact?.kind === 'picture') {
      expect(Number.isSafeInteger(fact.width * fact.height) && fact.width > 0 && fact.height > 0).toBe(true);
      expect(fact.seconds === null || Number.isFinite(fact.seconds)).toBe(true);
    }
    if (fact?.kind === 'video') expect(fact.announcedRateHz === null || Number.isFinite(fact.announcedRateHz)).toBe(true);
  },
  { kept: keptTexts('ffmpeg-log') },
);

/** What a source can put into ffmpeg's log: a title, a comment, a stream's name. Always after ffmpeg's own lines. */
const tags = anyText.map((text) => `[info]     title           : ${text.replace(/[\r\n]/g, ' ')}`);
const forged = fc.oneof(
  tags,
  fc.constant(`[info]     comment         : ${pictureLine}`),
  fc.constant(`[info]     artist : x ${pictureLine}`),
);

holds('a picture is announced by ffmpeg, not by the names a source gives itself', forged, (line) => {
  expect(readLogLine(line)?.kind).not.toBe('picture');
});

const events: fc.Arbitrary<ProcessEvent> = fc.oneof(
  said.map((line): ProcessEvent => ({ kind: 'line', line })),
  fc.uint8Array({ maxLength: 900 }).map((bytes): ProcessEvent => ({ kind: 'bytes', bytes, at: 5 })),
);
const exits = fc.record({
  kind: fc.constant('exit' as const),
  code: fc.option(fc.nat(255)),
  signal: fc.option(fc.constantFrom('SIGKILL', 'SIGSEGV')),
  failedToStart: fc.option(anyText, { freq: 10 }),
  killed: fc.boolean(),
});

holds(
  'whatever ffmpeg logs and writes becomes images, and at last an end or a reason',
  fc.tuple(fc.array(events, { maxLength: 20 }), exits),
  async ([before, exit]) => {
    try {
      const told = await lastValueFrom(from([...before, exit]).pipe(connection(), toArray()));
      for (const event of told) if (event.kind === 'image') expect(event.image.pixels).toHaveLength(event.image.width * event.image.height);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      mustBeOneLine(error.message);
    }
  },
);
