import { sourceFiles } from '../house/source-files';

it("turns off ONNX Runtime's telemetry wherever it is loaded or a thread that loads it is started", () => {
  const loading = sourceFiles().filter(
    ({ stage, text }) => stage === 'infer' && /from 'onnxruntime-node'|new Worker\(|\bfork\(/.test(text),
  );
  expect(loading.map(({ name }) => name)).toContain('infer/worker/model-session.node.ts');
  for (const { name, text } of loading)
    expect([name, /^import '?(.*)'/m.exec(text)?.[1]]).toEqual([name, expect.stringMatching(/^\.(\.\/worker)?\/no-telemetry\.node$/)]);
});
