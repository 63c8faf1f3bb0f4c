import { sourceFiles } from '../house/source-files';

it('keeps ONNX Runtime from telling its maker of models and machines, wherever it is loaded or a thread that loads it is begun', () => {
  const loading = sourceFiles().filter(
    ({ stage, text }) => stage === 'infer' && /from 'onnxruntime-node'|new Worker\(|\bfork\(/.test(text),
  );
  expect(loading.map(({ name }) => name)).toContain('infer/worker/model-session.node.ts');
  for (const { name, text } of loading)
    expect([name, /^import '?(.*)'/m.exec(text)?.[1]]).toEqual([name, expect.stringMatching(/^\.(\.\/worker)?\/no-telemetry\.node$/)]);
});
