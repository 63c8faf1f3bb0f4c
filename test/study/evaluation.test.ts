import { seededRandom } from '../../src/phantom/random';
import type { Case, LesionCase } from '../../src/study/case';
import { toEvaluation } from '../../src/study/evaluation';
import { evaluationText, patientsCsv } from '../../src/study/evaluation-text';
import { panel, type PanelTile, shownCases } from '../../src/study/panel';
import { square } from './labelme';

const aCase = (patient: string, dice: number, lesions: readonly LesionCase[] = []): Case => ({
  ...{ patient, keyFrame: 14, dice, recall: dice / 2, specificity: 0.99, ppv: 1, npv: 0.9, liverDice: 0.95, lesions },
});
const lesion = (diameter: number, poor: boolean | null, dice: number): LesionCase => ({ diameter, poor, dice });
const cases = [
  aCase('b', 0.8, [lesion(24.9, true, 0.1), lesion(25, false, 0.5)]),
  aCase('a', 0, [lesion(60, false, 0.7), lesion(60.1, null, 0.9)]),
  aCase('c', 0.7),
  aCase('d', 0.2),
];
const evaluated = {
  ...{ model: { name: 'dsa-ltdnet', version: '1.0.0', sha256: 'ab' }, provider: 'cpu', thresholds: { tumour: 0.3, liver: 0.5 } },
  key: 'rule',
} as const;
const evaluation = toEvaluation(evaluated, cases, seededRandom(1).uniform);

it('averages over patients', () => {
  const { patients, dice, medianDice, recall, dice95 } = evaluation;
  expect({ patients, dice, medianDice, recall }).toEqual({
    ...{ patients: 4, dice: expect.closeTo(0.425), medianDice: expect.closeTo(0.45), recall: expect.closeTo(0.2125) },
  });
  expect(dice95[0]).toBeGreaterThan(0);
  expect(dice95[0]).toBeLessThan(0.425);
  expect(dice95[1]).toBeGreaterThan(0.425);
  expect(dice95[1]).toBeLessThan(0.8);
});

it('groups lesions by size, the limits in the middle, and by blood supply', () => {
  const { allLesions, bySize, byBloodSupply } = evaluation;
  expect([allLesions, ...bySize, ...byBloodSupply].map(({ group, lesions, dice }) => [group, lesions, dice])).toEqual([
    ['all lesions', 4, expect.closeTo(0.55)],
    ['below 25 px', 1, 0.1],
    ['25 to 60 px', 2, 0.6],
    ['above 60 px', 1, 0.9],
    ['rich in blood', 2, 0.6],
    ['poor in blood', 1, 0.1],
    ['blood supply not told', 1, 0.9],
  ]);
  const none = toEvaluation(evaluated, [aCase('a', 1)], seededRandom(1).uniform);
  expect(none.allLesions).toEqual({ group: 'all lesions', lesions: 0, dice: null });
});

it('prints a table of at most 80 columns with the worst patients, whatever their names', () => {
  const long = toEvaluation(evaluated, [...cases, aCase('x'.repeat(100), 0.1)], seededRandom(1).uniform);
  const lines = evaluationText(long, `/data/${'y'.repeat(100)}`).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  const after = lines.findIndex((line) => line.startsWith('worst patients'));
  expect(lines.slice(after + 1, after + 4)).toEqual([
    expect.stringMatching(/^a +0\.0000 +14$/),
    expect.stringMatching(/^…x+ +0\.1000 +14$/),
    expect.stringMatching(/^d +0\.2000 +14$/),
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^25 to 60 px +0\.6000 +2$/));
});

it('writes a line per patient, names quoted where they need it', () => {
  expect(patientsCsv([aCase('Doe, "J"', 0.5, [lesion(30, null, 1)])])).toBe(
    'patient,keyFrame,dice,recall,specificity,ppv,npv,liverDice,lesions\n"Doe, ""J""",14,0.500000,0.250000,0.990000,1,0.900000,0.950000,1\n',
  );
});

it('shows the best, the median and the worst patient, and none twice', () => {
  const shown = (count: number) => shownCases(cases.slice(0, count)).map(({ title, shown }) => `${title}: ${shown.patient}`);
  expect(shown(4)).toEqual(['Best: b', 'Median: d', 'Worst: a']);
  expect(shown(2)).toEqual(['Best: b', 'Worst: a']);
  expect(shown(1)).toEqual(['The only patient: b']);
});

it('draws outlines as wide in print whatever the size of the key frame, and takes names as they are', () => {
  const tile = (width: number): PanelTile => ({
    ...{ title: 'Best', patient: 'A <& B>', dice: 0.5, keyFrame: 3, width, height: width / 2, png: '' },
    ...{ annotated: [square(1, 1, 9)], found: [] },
  });
  const widths = (svg: string): string[] => [...svg.matchAll(/<polygon [^>]*stroke-width="([^"]+)"/g)].map(([, width]) => width ?? '');
  expect(widths(panel([tile(760), tile(1520)], 'm 1'))).toEqual(['5.5', '3', '11', '6']);
  expect(panel([tile(760)], 'm 1')).toContain('A &#60;&#38; B&#62;, key frame 3');
  expect(panel([tile(760)], 'm 1')).toMatch(/Research use only/);
});
