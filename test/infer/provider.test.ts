import { type Observable, of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { chooseProvider, type Provider, type ProviderReport, type ProviderTrials } from '../../src/infer/providers/provider';

const scheduler = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
const passed = (typicalMs: number, onProvider = 9): ProviderReport => ({ kind: 'passed', typicalMs, nodes: 9, onProvider });
const failed = (reason: string): ProviderReport => ({ kind: 'failed', reason });

function trials(reports: Partial<Record<Provider, Observable<ProviderReport>>>): ProviderTrials & { tried: Provider[] } {
  const tried: Provider[] = [];
  return {
    tried,
    unavailableReason: (provider) => (reports[provider] === undefined ? `no ${provider} here` : undefined),
    probe: (provider) => (tried.push(provider), reports[provider] ?? of(failed('unreachable'))),
  };
}

describe('chooseProvider', () => {
  it('takes the CPU where nothing else is there, with the reason for each', () => {
    scheduler().run(({ expectObservable }) => {
      const reason = (provider: Provider) => ({ provider, reason: `no ${provider} here`, installed: false });
      const refusals = [reason('cuda'), reason('tensorrt'), reason('webgpu'), reason('dml'), reason('coreml')];
      expectObservable(chooseProvider('auto', trials({}))).toBe('(c|)', { c: { provider: 'cpu', refusals } });
    });
  });

  it('tries one after another and takes the first that passes', () => {
    scheduler().run(({ cold, expectObservable, flush }) => {
      const all = trials({
        cuda: cold('---(r|)', { r: failed('no device') }),
        webgpu: cold('--(r|)', { r: passed(5) }),
        dml: cold('-(r|)', { r: passed(1) }),
        cpu: cold('-(r|)', { r: passed(50) }),
      });
      const refusals = [
        { provider: 'cuda', reason: 'no device', installed: true },
        { provider: 'tensorrt', reason: 'no tensorrt here', installed: false },
      ];
      expectObservable(chooseProvider('auto', all)).toBe('------(c|)', { c: { provider: 'webgpu', refusals } });
      flush();
      expect(all.tried).toEqual(['cuda', 'webgpu', 'cpu']);
    });
  });

  it.each<[string, ProviderReport, RegExp]>([
    ['is slower than the CPU', passed(4585), /correct, but slower than the CPU: 4585 ms against 20 ms/],
    ['leaves the whole graph to the CPU', passed(1, 0), /it computes none of the 9 nodes of the graph itself/],
    ['computes something else', failed('tumour: computed 0.2 off'), /computed 0.2 off/],
  ])('passes over one that %s', (_, report, reason) => {
    scheduler().run(({ expectObservable }) => {
      const choice = chooseProvider('auto', trials({ webgpu: of(report), cpu: of(passed(20)) }));
      const webgpu = { provider: 'webgpu', reason: expect.stringMatching(reason) as string, installed: true };
      expectObservable(choice).toBe('(c|)', { c: { provider: 'cpu', refusals: expect.arrayContaining([webgpu]) as unknown } });
    });
  });

  it('takes a provider requested by name even when it is slow', () => {
    scheduler().run(({ expectObservable }) => {
      expectObservable(chooseProvider('webgpu', trials({ webgpu: of(passed(9999)) }))).toBe('(c|)', {
        c: { provider: 'webgpu', refusals: [] },
      });
    });
  });

  it.each<[string, Partial<Record<Provider, Observable<ProviderReport>>>, string]>([
    ['is not there', {}, 'no cuda here'],
    ['fails', { cuda: of(failed('no device')) }, 'no device'],
    ['computes nothing itself', { cuda: of(passed(1, 0)) }, 'it computes none of the 9 nodes of the graph itself'],
  ])('errors when a provider requested by name %s', (_, reports, reason) => {
    scheduler().run(({ expectObservable }) => {
      const error = expect.objectContaining({ code: 'provider', message: `The provider cuda was asked for, but: ${reason}` }) as unknown;
      expectObservable(chooseProvider('cuda', trials(reports))).toBe('#', {}, error);
    });
  });

  it('stops trying when unsubscribed from', () => {
    scheduler().run(({ cold, expectObservable, expectSubscriptions }) => {
      const cuda = cold('---(r|)', { r: failed('no device') });
      expectObservable(chooseProvider('auto', trials({ cuda })), '-!').toBe('--');
      expectSubscriptions(cuda.subscriptions).toBe('^!');
    });
  });
});
