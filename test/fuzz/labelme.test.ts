import { parseLabelme } from '../../src/study/labelme';
import { labelme, polygon, square } from '../study/labelme';
import { holds, keptTexts, mustBeOneLine } from './fuzz';
import { mustBeUnpolluted, mutatedJson } from './mutated-json';

const circle = { label: 'HCC', points: [[20, 20], [25, 20]], shape_type: 'circle', flags: { poor: true } }; // prettier-ignore
const valid = [labelme(), labelme({ shapes: [polygon('liver', square(0, 0, 40)), circle], imageData: 'aGk=' })];

holds(
  'an annotation is parsed, or its problems are listed in a line each',
  mutatedJson(valid),
  (text) => {
    const parsed = parseLabelme(text);
    mustBeUnpolluted();
    if (parsed.kind === 'problems') return parsed.problems.forEach(mustBeOneLine);
    const { width, height, tumours, liver } = parsed.annotation;
    const { shapes } = JSON.parse(text) as { readonly shapes: readonly { readonly label: string }[] };
    expect(liver).toHaveLength(shapes.filter(({ label }) => label === 'liver').length);
    expect(tumours).toHaveLength(shapes.filter(({ label }) => ['tumour', 'tumor', 'HCC'].includes(label)).length);
    const points = [...liver, ...tumours.map(({ outline }) => outline)].flat();
    expect(points.every(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height)).toBe(true);
    expect(tumours.every(({ diameter }) => diameter > 0 && Number.isFinite(diameter))).toBe(true);
  },
  { kept: keptTexts('labelme') },
);
