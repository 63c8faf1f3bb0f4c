import { resolve } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { probeProvider } from '../../src/infer/providers/provider-trials.node';

const dying = (how: string) =>
  probeProvider({ folder: how, provider: 'webgpu', threads: 1, timeoutMs: 2000, probeFile: resolve('test/fixtures/dying-probe.js') });

describe('probedProvider', () => {
  it('reports what the provider can do', async () => {
    const report = await lastValueFrom(
      probeProvider({ folder: 'test/fixtures/bundles/tiny', provider: 'cpu', threads: 1, timeoutMs: 20_000 }),
    );
    expect(report).toMatchObject({ kind: 'passed' });
    if (report.kind !== 'passed') return;
    expect(report.nodes).toBeGreaterThan(5);
    expect(report.onProvider).toBe(report.nodes);
    expect(report.typicalMs).toBeGreaterThan(0);
  }, 20_000);

  it('reports why a bundle is refused', async () => {
    const report = await lastValueFrom(probeProvider({ folder: 'test/fixtures', provider: 'cpu', threads: 1, timeoutMs: 20_000 }));
    expect(report).toMatchObject({ kind: 'failed', reason: expect.stringContaining('model.json: cannot be read') as string });
  }, 20_000);

  it.each([
    ['abort', 'SIGABRT'],
    ['segfault', 'SIGSEGV'],
    ['exit', 'code 3'],
  ])(
    'survives a driver that ends the process by %s',
    async (how, end) => {
      const reason = `the process that tried it ended with ${end}: driver: all is lost`;
      await expect(lastValueFrom(dying(how))).resolves.toEqual({ kind: 'failed', reason: expect.stringContaining(reason) as string });
    },
    20_000,
  );

  it('names the library that a provider lacks', async () => {
    const reason = 'Failed to load shared library (libcublasLt.so.13: cannot open shared object file)';
    await expect(lastValueFrom(dying('library'))).resolves.toEqual({ kind: 'failed', reason });
  }, 20_000);

  it('does not wait for a driver that hangs', async () => {
    await expect(lastValueFrom(dying('hang'))).resolves.toEqual({ kind: 'failed', reason: 'not ready within 2000 ms' });
  }, 20_000);
});
