import { firstValueFrom, map, switchMap } from 'rxjs';
import { loadedSegmenter } from '../../src/infer/loaded-segmenter.node';
import { discStack } from './stacks';

const clock = { now: () => performance.timeOrigin + performance.now() };
const folder = 'test/fixtures/bundles/tiny';

describe('loadedSegmenter', () => {
  it('picks a provider, reports why not the others, and segments', async () => {
    const segmentation = loadedSegmenter({ folder, provider: 'auto', clock, threads: 1 }).pipe(
      switchMap((segmenter) => segmenter.segment(discStack(128, 128, 30)).pipe(map(({ tumour }) => ({ segmenter, tumour })))),
    );
    const { segmenter, tumour } = await firstValueFrom(segmentation);
    expect(tumour[128 * 256 + 128]).toBeGreaterThan(0.9);
    expect(segmenter.refusals.map(({ provider }) => provider)).not.toContain(segmenter.provider);
    for (const { reason } of segmenter.refusals) expect(reason).not.toBe('');
  }, 60_000);

  it('errors when the requested provider is of another machine', async () => {
    const provider = process.platform === 'win32' ? 'coreml' : 'dml';
    await expect(firstValueFrom(loadedSegmenter({ folder, provider, clock }))).rejects.toMatchObject({
      code: 'provider',
      message: `The provider ${provider} was asked for, but: onnxruntime-node has no such provider on ${process.platform}/${process.arch}`,
    });
  });
});
