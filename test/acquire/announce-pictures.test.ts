import { type LoggedPicture, pictureAnnouncer } from '../../src/acquire/ffmpeg/announce-pictures';
import type { PipePart } from '../../src/acquire/ffmpeg/cut-images';
import { readLogLine } from '../../src/acquire/ffmpeg/log-line';

/** What is announced after each of the words: the second of the picture, and how. */
function announced(words: string, changedOnly = true): string {
  const said: string[] = [];
  let [second, now] = [0, 0];
  const describe = ({ seconds, width, height }: LoggedPicture, range: string) => ({ width, height, seconds, damaged: range === 'damaged' });
  const tell = (part: PipePart): void => {
    if (part.kind === 'bytes') throw new Error('Expected an announcement');
    said.push(`${part.kind === 'repeat' ? `r@${part.at}:` : 'p:'}${part.seconds}`);
  };
  const announcer = pictureAnnouncer({ changedOnly, now: () => now, describe }, tell);
  const picture = (first: boolean): LoggedPicture => ({
    ...{ kind: 'picture', passesAnyway: first, width: 2, height: 1, seconds: second++, pixelAspect: 1, key: true, bidirectional: false },
    ...{ interlaced: false, format: 'yuv420p' },
  });
  for (const word of words.split(' ')) {
    now += 1;
    if (word === 'first') announcer.picture(picture(true));
    else if (word === 'next') announcer.picture(picture(false));
    else if (word === 'range') announcer.range('tv');
    else if (word === 'changed') announcer.change(true);
    else if (word === 'same') announcer.change(false);
    else if (word === 'output') announcer.output();
    else announcer.endOfPicture();
    said.push('|');
  }
  return said.join(' ').replace(/(?<= )\| (?=\|)/g, '');
}

it.each([
  ['a picture that is written, and one that is not', 'first range same output next range same', 'p:0 | r@7:1 |'],
  ['a changed picture only once it is written', 'first range same output next range changed output', 'p:0 | p:1 |'],
  ['a picture that passes anyway as one that is written', 'first range same output first range same output', 'p:0 | p:1 |'],
  ['a picture without a range', 'first same output next same', 'p:0 | r@5:1 |'],
  ['a picture before other lines', 'first other same output next other same', 'p:0 | r@7:1 |'],
  ['a picture of which nothing more was said with the next one', 'first range same output next range next', 'p:0 | r@7:1 |'],
])('announces %s', (_, words, parts) => {
  expect(announced(words).replace(/^(?:\| )+/, '')).toBe(parts);
});

it('announces every picture as written where all are, once its range is known', () => {
  expect(announced('next range next other', false).replace(/^(?:\| )+/, '')).toBe('p:0 | p:1 |');
});

it.each([
  ['[Parsed_metadata_4 @ 0x55] [info] lavfi.scd.mafd=0.000', { kind: 'change', changed: false }],
  ['[Parsed_metadata_5 @ 0x55] lavfi.scd.mafd=0.001', { kind: 'change', changed: true }],
  ['[Parsed_metadata_4 @ 0x55] [info] frame:2    pts:2       pts_time:0.033', null],
  [
    '[showinfo@output @ 0x55] [info] n:   1 pts:      3 pts_time:0.05    pos:   1 fmt:gray sar:1/1 s:2x1 i:P iskey:0 type:P',
    { kind: 'output' },
  ],
  ['[showinfo@output @ 0x55] [info] color_range:pc color_space:unknown', null],
  [
    '[Parsed_showinfo_0 @ 0x55] [info] n:   7 pts:      3 pts_time:0.05    pos:   1 fmt:gray sar:1/1 s:2x1 i:P iskey:0 type:P',
    { passesAnyway: false },
  ],
  [
    '[Parsed_showinfo_0 @ 0x55] [info] n:   0 pts:      3 pts_time:0.05    pos:   1 fmt:gray sar:1/1 s:2x1 i:P iskey:0 type:P',
    { passesAnyway: true },
  ],
  [
    '[Parsed_showinfo_0 @ 0x55] [info] n:  60 pts:      3 pts_time:0.05    pos:   1 fmt:gray sar:1/1 s:2x1 i:P iskey:0 type:P',
    { passesAnyway: true },
  ],
])('reads %s', (line, fact) => {
  const read = readLogLine(line);
  if (fact === null) expect(read).toBeNull();
  else expect(read).toMatchObject(fact);
});
