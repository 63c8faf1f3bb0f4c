import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const root = path.resolve(__dirname, '../..');

/** The folders of src/ in the order of a frame's way; a stage imports only what stands before it. */
export const stages = ['acquire', 'buffer', 'detect', 'infer', 'mask', 'measure', 'phantom', 'push', 'view'] as const;

/** A file of src/, by its path from there. */
export interface SourceFile {
  readonly name: string;
  /** Its folder; undefined for the top-level files. */
  readonly stage: string | undefined;
  readonly kind: 'pure' | 'node' | 'dom';
  readonly lines: number;
  readonly text: string;
  /** Files of src/ are named from there, packages as they are. */
  readonly imports: readonly string[];
}

/** Paths below a folder, from there, with forward slashes. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.split(path.sep).join('/'));
}

/** Every TypeScript file of src/, its imports as the compiler sees them. */
export function sourceFiles(): readonly SourceFile[] {
  const src = path.join(root, 'src');
  return filesBelow(src)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const text = readFileSync(path.join(src, name), 'utf8');
      const imports = ts
        .preProcessFile(text, true, true)
        .importedFiles.map(({ fileName }) =>
          fileName.startsWith('.') ? `${path.posix.join(path.posix.dirname(name), fileName)}.ts` : fileName,
        );
      return {
        name,
        stage: name.includes('/') ? name.split('/')[0] : undefined,
        kind: name.endsWith('.node.ts') ? 'node' : name.endsWith('.dom.ts') ? 'dom' : 'pure',
        lines: text.split('\n').length - 1,
        text,
        imports,
      };
    });
}
