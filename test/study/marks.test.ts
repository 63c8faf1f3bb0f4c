import { parseMarks } from '../../src/study/marks';

it('reads a mark per line, with the line it stands on', () => {
  const { marks, problems } = parseMarks('\uFEFFrecording,frame\r\na.mkv,14\r\n\r\n"b, late.mkv", 0 \r\n');
  expect(problems).toEqual([]);
  expect(marks).toEqual([
    { line: 2, recording: 'a.mkv', reader: null, frame: 14 },
    { line: 4, recording: 'b, late.mkv', reader: null, frame: 0 },
  ]);
});

it('reads several readers of a recording', () => {
  const { marks, problems } = parseMarks('recording,frame,reader\na,14,Anna\na,15,Ben\nb,3,Anna');
  expect(problems).toEqual([]);
  expect(marks.map(({ recording, reader, frame }) => [recording, reader, frame])).toEqual([
    ['a', 'Anna', 14],
    ['a', 'Ben', 15],
    ['b', 'Anna', 3],
  ]);
});

const header = 'line 1: expected the header recording,frame or recording,frame,reader, got something else';
const number = 'expected a frame as a whole number from 0, got';

it.each<[string, string, readonly string[]]>([
  ['no text', '', [header]],
  ['no header', 'a,14', [header]],
  ['other columns', 'recording;frame\na;14', [header]],
  ['a column too many', 'recording,frame,reader,note\na,14,Anna,good', [header]],
  ['no mark', 'recording,frame\n\n', ['expected a line per mark, got none']],
  ['a frame that is no number', 'recording,frame\na,Smith', [`line 2: ${number} something else`]],
  ['a frame below the first', 'recording,frame\na,-1', [`line 2: ${number} something else`]],
  ['half a frame', 'recording,frame\na,1.5', [`line 2: ${number} something else`]],
  ['no frame', 'recording,frame\na,', [`line 2: ${number} none`]],
  ['no recording', 'recording,frame\n,1', ['line 2: expected a recording, got none']],
  ['no reader', 'recording,frame,reader\na,1,', ['line 2: expected a reader, got none']],
  ['fields missing', 'recording,frame,reader\na,1', ['line 2: expected 3 fields, got 2']],
  ['an open quote', 'recording,frame\n"a,1', ['line 2: expected a second quotation mark, got the end of the line']],
  [
    'two marks without readers',
    'recording,frame\na,1\na,2',
    ['line 3: a second mark of the recording of line 2; several readers need a column reader'],
  ],
  [
    'two marks of a reader',
    'recording,frame,reader\na,1,Anna\na,1,Ben\na,2,Anna',
    ['line 4: a second mark of the recording of line 2 by the same reader'],
  ],
  ['all of it at once', 'recording,frame\na,x\nb,1\n,2', [`line 2: ${number} something else`, 'line 4: expected a recording, got none']],
])('names the line and the problem, and quotes nothing: %s', (_, text, problems) => {
  expect(parseMarks(text).problems).toEqual(problems);
});

it('knows the recordings also of lines that are wrong otherwise', () => {
  expect([...parseMarks('recording,frame\na,x\nb,1').recordings]).toEqual(['a', 'b']);
});
