import path from 'node:path';
import { root } from '../../e2e/serve';
import { needs } from '../needs';
import { play, promtool, promtoolNeeds } from './promtool';
import { faults, silences } from './scenarios';

needs(promtoolNeeds);

const table: string[] = [];
afterAll(() => void process.stdout.write(`\n${['alert | fault | fired after', ...table].join('\n')}\n`));

it('gives Prometheus a configuration and rules without a fault', () => {
  const { status, text } = promtool('check', 'config', path.join(root, 'dashboards/prometheus/prometheus.yml'));
  expect(text).not.toMatch(/FAILED|lint/);
  expect(status).toBe(0);
});

describe('a fault fires its alert, at its time and no other one', () => {
  it.each(faults.map((fault) => [fault.what, fault] as const))('%s', (what, fault) => {
    const { status, text } = play(fault);
    if (status !== 0) throw new Error(text);
    table.push(`${fault.fires?.alert} | ${what} | ${fault.fires?.after} s`);
  });
});

describe('no alert fires for', () => {
  it.each(silences.map((silence) => [silence.what, silence] as const))('%s', (what, silence) => {
    const { status, text } = play(silence);
    if (status !== 0) throw new Error(text);
    table.push(`none | ${what} | ${silence.lasts / 3600} h`);
  });
});
