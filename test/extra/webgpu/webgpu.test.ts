/** The GPU code path on a machine without GPU: SwiftShader, the software Vulkan driver in Debian's chromium. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { probeProvider } from '../../../src/infer/providers/provider-trials.node';
import { bundled } from '../../support/bundled';
import { needs } from '../needs';

const driver = process.env['VK_ICD_FILENAMES'] ?? '/usr/lib/chromium/vk_swiftshader_icd.json';
needs({ check: `test -f '${driver}'`, install: 'chromium' });
const program = bundled(resolve(__dirname, 'segment-with.ts'));
const folder = resolve('test/fixtures/bundles/other-shape');

interface Outcome {
  readonly provider?: string;
  readonly refusals?: readonly { readonly provider: string; readonly reason: string }[];
  readonly typicalMs?: number;
  readonly tumour?: number[];
  readonly code?: string;
  readonly message?: string;
}

/** In a process of its own: a driver is chosen by the environment a process starts with. */
function segmented(provider: string, icd: string): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder, provider], {
    env: { ...process.env, VK_ICD_FILENAMES: icd },
    encoding: 'utf8',
    timeout: 110_000,
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Outcome;
}

describe('WebGPU', () => {
  it('computes the whole graph itself, and passes the golden check', async () => {
    const env = { VK_ICD_FILENAMES: driver };
    const report = await lastValueFrom(probeProvider({ folder, provider: 'webgpu', threads: 1, timeoutMs: 100_000, env }));
    expect(report).toMatchObject({ kind: 'passed' });
    if (report.kind !== 'passed') return;
    expect(report.nodes).toBeGreaterThan(5);
    expect(report.onProvider).toBe(report.nodes);
  });

  it('gives what the CPU gives', () => {
    const gpu = segmented('webgpu', driver);
    const cpu = segmented('cpu', driver);
    expect([gpu.provider, cpu.provider]).toEqual(['webgpu', 'cpu']);
    const apart = (gpu.tumour ?? []).map((probability, i) => Math.abs(probability - (cpu.tumour?.[i] ?? NaN)));
    expect(apart).toHaveLength(128 * 128);
    expect(Math.max(...apart)).toBeLessThan(1e-4);
    expect(Math.max(...(cpu.tumour ?? []))).toBeGreaterThan(0.9);
  });

  it('is passed over by auto when it is a driver in software, and so slower than the CPU', () => {
    const { provider, refusals } = segmented('auto', driver);
    expect(provider).toBe('cpu');
    expect(refusals?.find((refusal) => refusal.provider === 'webgpu')?.reason).toMatch(
      /^(correct, but slower than the CPU: \d+ ms against \d+ ms|not ready within 15000 ms)$/,
    );
  });

  it('is an error with the reason when it is requested and there is no adapter', () => {
    const { code, message } = segmented('webgpu', '/nonexistent.json');
    expect(code).toBe('provider');
    expect(message).toMatch(/^The provider webgpu was asked for, but: model\.onnx on webgpu: Failed to get a WebGPU adapter/);
  });

  it('is passed over by auto when there is no adapter', () => {
    const { provider, refusals } = segmented('auto', '/nonexistent.json');
    expect(provider).toBe('cpu');
    expect(refusals?.find((refusal) => refusal.provider === 'webgpu')?.reason).toMatch(/adapter/);
  });
});
