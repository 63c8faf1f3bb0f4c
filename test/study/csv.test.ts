import fc from 'fast-check';
import { csvFields, csvLine } from '../../src/study/csv';

it.each<[string, readonly string[] | null]>([
  ['a,14', ['a', '14']],
  [' a , 14 ', ['a', '14']],
  ['a,,', ['a', '', '']],
  ['', ['']],
  ['"Run, ""first"""  ,1', ['Run, "first"', '1']],
  ['"a', null],
  ['"a"b,1', null],
  ['a"b,1', null],
])('reads the fields of %j', (line, fields) => {
  expect(csvFields(line)).toEqual(fields);
});

it('reads what it wrote', () => {
  const text = fc.string().filter((one) => one.trim() === one && !/[\r\n]/.test(one));
  fc.assert(fc.property(fc.array(text, { minLength: 1 }), (values) => expect(csvFields(csvLine(values).slice(0, -1))).toEqual(values)));
});

it('leaves a missing value empty, and writes fractions to the sixth digit', () => {
  expect(csvLine(['a', null, 3, 1 / 3])).toBe('a,,3,0.333333\n');
});
