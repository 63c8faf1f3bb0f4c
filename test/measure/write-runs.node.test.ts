import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { of } from 'rxjs';
import { writeRuns } from '../../src/cli/select.node';
import type { PipelineEvent } from '../../src/event';
import { Script } from '../push/scripted';

const out = mkdtempSync(join(tmpdir(), 'runs-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

it('writes runs with their masks, then those on which inference failed, without one', async () => {
  const script = new Script('run');
  const whole = (run: string): PipelineEvent[] => [
    ...[script.run(run, 'started', 2), script.stability(run, 19), script.keyFrame(run, 12, 'final')],
  ];
  const failure: PipelineEvent = {
    kind: 'failure',
    stream: 'run',
    at: 1,
    run: 'r1',
    frame: 4,
    again: false,
    reason: 'crashed',
    message: 'out of memory',
  };
  const { folders, failed, reason } = await writeRuns(
    of(
      ...[...whole('run-1'), failure, script.run('run-1', 'ended', 20)],
      ...[...whole('run-2'), script.mask('run-2', 12, 'final'), script.run('run-2', 'ended', 20)],
      ...[script.run('run-3', 'started', 2), script.run('run-3', 'ended', 2)],
    ),
    out,
  );
  expect({ failed, reason }).toEqual({ failed: ['run-1'], reason: 'out of memory' });
  expect(folders).toEqual(['run-2', 'run-3', 'run-1'].map((run) => join(out, run)));
  expect(readdirSync(join(out, 'run-1')).sort()).toEqual(['keyframe.png', 'run.json']);
  expect(JSON.parse(readFileSync(join(out, 'run-1', 'run.json'), 'utf8'))).toMatchObject({ acquisitions: 20, mask: null });
  expect(readdirSync(join(out, 'run-2')).sort()).toEqual(['keyframe.png', 'mask.png', 'overlay.png', 'run.json']);
});

it('writes nothing for a recording without exposures', async () => {
  expect(await writeRuns(of(), join(out, 'none'))).toEqual({ folders: [], failed: [], reason: '', hint: '' });
});
