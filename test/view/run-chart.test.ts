import { runChart } from '../../src/view/panels/run-chart';
import { Messages } from './messages';

describe('the chart of a run', () => {
  const say = new Messages();
  const stability = Array.from({ length: 40 }, (_, frame) => say.stability('r1', frame));
  const box = { width: 400, height: 100 };

  it('leaves noise at the bottom: a run without contrast looks like one', () => {
    const noise = stability.map((facts, at) => ({ ...facts, opacification: at % 2, score: 3 + (at % 2) / 10 }));
    const chart = runChart(noise, [], null, box);
    expect(Math.min(...chart.opacification.map(({ y }) => y))).toBe(90);
    expect(Math.min(...chart.score.map(({ y }) => y))).toBeCloseTo(95, 6);
  });

  it('shades the last 15 acquisitions and marks candidate and key frames on the score', () => {
    const chart = runChart(stability, [say.keyFrame('r1', 10, 'stabilised'), say.keyFrame('r1', 20, 'final')], 10, box);
    expect(chart.window).toEqual({ x: 250, width: 150 });
    expect(chart.marks.map(({ kind, frame }) => [kind, frame])).toEqual([
      ['stabilised', 10],
      ['final', 20],
      ['candidate', 38],
    ]);
    expect([chart.cursor, runChart(stability, [], null, box).cursor]).toEqual([105, null]);
    for (const mark of chart.marks) expect(chart.score).toContainEqual({ x: mark.x, y: mark.y });
    expect(chart.ticks.map(({ frame }) => frame)).toEqual([0, 10, 20, 30]);
  });

  it('uses the whole height for each line and never leaves its box', () => {
    const chart = runChart(stability, [], null, box);
    for (const line of [chart.score, chart.opacification]) {
      expect(Math.min(...line.map(({ y }) => y))).toBeCloseTo(0);
      expect(Math.max(...line.map(({ y }) => y))).toBeCloseTo(100);
      for (const { x } of line) expect(x > 0 && x < 400).toBe(true);
    }
  });

  it('is empty before a run, and starts with room for thirty', () => {
    expect(runChart([], [], null, box)).toMatchObject({ opacification: [], score: [], window: null, marks: [] });
    const [first] = runChart(stability.slice(0, 1), [], null, box).opacification;
    expect(first?.x).toBeCloseTo(400 / 60);
  });
});
