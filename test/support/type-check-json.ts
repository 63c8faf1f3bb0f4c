import path from 'node:path';
import ts from 'typescript';

const support = __dirname;

/** The compiler's complaints about JSON values as `GrafanaDashboard`: missing, misspelt, additional, wrong fields. */
export function dashboardFaults(texts: Readonly<Record<string, string>>): readonly string[] {
  const written = new Map(
    Object.entries(texts).map(([name, text]) => [
      path.join(support, `${name}.checked.ts`),
      `import type { GrafanaDashboard } from './grafana-dashboard';\nexport const page: GrafanaDashboard = ${text.trim()};\n`,
    ]),
  );
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022 },
    ...{ module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => written.has(path.normalize(name)) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const text = written.get(path.normalize(name));
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...written.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0;
    return `${path.basename(file?.fileName ?? '')}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
