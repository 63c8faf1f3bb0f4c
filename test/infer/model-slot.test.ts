import { Observable, Subject } from 'rxjs';
import { ModelError } from '../../src/infer/bundle/model-error';
import { ModelSlot } from '../../src/infer/model-slot';
import type { Segmenter } from '../../src/infer/segmenter';
import { fakeSegmenter } from './fake-segmenter';

/** A model that is ready on the test's command, and shows whether it is loaded. */
function model(version: string) {
  const outcome = new Subject<Segmenter>();
  let open = 0;
  const loading = new Observable<Segmenter>((subscriber) => {
    open += 1;
    subscriber.add(outcome.subscribe(subscriber));
    return () => void (open -= 1);
  });
  const segmenter: Segmenter = { ...fakeSegmenter(), model: { name: 'fake', version, sha256: '' } };
  return { loading, ready: () => outcome.next(segmenter), refuse: (error: Error) => outcome.error(error), isOpen: () => open === 1 };
}
async function lending(version: string) {
  const models = new ModelSlot();
  const first = model(version);
  const used = models.use(first.loading);
  first.ready();
  await used;
  return { models, first };
}
const versionOf = (models: ModelSlot<Segmenter>): string => {
  const loan = models.lease();
  loan.unsubscribe();
  return loan.segmenter.model.version;
};

describe('the model in use', () => {
  it('is lent once it is ready, and not before', async () => {
    const models = new ModelSlot();
    const one = model('1');
    const used = models.use(one.loading);
    expect(() => models.lease()).toThrow('Expected a model to be loaded before the first run, got none');
    one.ready();
    expect((await used).model.version).toBe('1');
    expect(versionOf(models)).toBe('1');
  });

  it('gives way to another when that is ready; a run keeps its own, which is unloaded after the last such run', async () => {
    const { models, first } = await lending('1');
    const second = model('2');
    const [run, another] = [models.lease(), models.lease()];
    const used = models.use(second.loading);
    expect(versionOf(models)).toBe('1');
    second.ready();
    await used;
    expect([versionOf(models), run.segmenter.model.version]).toEqual(['2', '1']);
    expect(first.isOpen()).toBe(true);
    run.unsubscribe();
    run.unsubscribe();
    expect(first.isOpen()).toBe(true);
    another.unsubscribe();
    expect([first.isOpen(), second.isOpen()]).toEqual([false, true]);
  });

  it('is unloaded at once when no run has it', async () => {
    const { models, first } = await lending('1');
    const second = model('2');
    const used = models.use(second.loading);
    second.ready();
    await used;
    expect(first.isOpen()).toBe(false);
  });

  it('stays when the other is refused', async () => {
    const { models, first } = await lending('1');
    const second = model('2');
    const used = models.use(second.loading);
    second.refuse(new ModelError('golden', 'computes something else'));
    await expect(used).rejects.toEqual(new ModelError('golden', 'computes something else'));
    expect([versionOf(models), first.isOpen(), second.isOpen()]).toEqual(['1', true, false]);
  });

  it('is unloaded at the end, whoever uses it, and so is one that is still loading', async () => {
    const { models, first } = await lending('1');
    models.lease();
    const second = model('2');
    void models.use(second.loading);
    models.close();
    expect([first.isOpen(), second.isOpen()]).toEqual([false, false]);
  });
});
