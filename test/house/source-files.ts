import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const root = path.resolve(__dirname, '../..');

/** The folders of src/ in the order of a frame's way; a stage imports only what stands before it. */
export const stages = [
  'core',
  'acquire',
  'acquisitions',
  'runs',
  'detect',
  'infer',
  'mask',
  'measure',
  'tracing',
  'protocol',
  'phantom',
  'push',
  'receive',
  'study',
  'view',
  'calibration',
  'config',
  'server',
  'cli',
] as const;

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
  /** Those of `imports` that are more than types: what is there when the program runs. */
  readonly values: readonly string[];
}

/** Paths below a folder, from there, with forward slashes. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.split(path.sep).join('/'));
}

/** Every TypeScript file of src/ with its imports as the compiler sees them; AssemblyScript is left out. */
export function sourceFiles(): readonly SourceFile[] {
  const src = path.join(root, 'src');
  const names = filesBelow(src).filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.as.ts'));
  return names.map((name) => {
    const text = readFileSync(path.join(src, name), 'utf8');
    const named = (specifier: string): string => {
      if (!specifier.startsWith('.')) return specifier;
      const meant = path.posix.join(path.posix.dirname(name), specifier);
      return names.includes(`${meant}.tsx`) ? `${meant}.tsx` : `${meant}.ts`;
    };
    const { all, values } = importsOf(name, text);
    return {
      name,
      stage: name.includes('/') ? name.split('/')[0] : undefined,
      kind: name.endsWith('.node.ts') ? 'node' : /\.dom\.tsx?$/.test(name) ? 'dom' : 'pure',
      lines: text.split('\n').length - 1,
      text,
      imports: all.map(named),
      values: values.map(named),
    };
  });
}

/** What a file imports or exports from elsewhere, as written: everything, and without what only lends a type. */
function importsOf(name: string, text: string): { readonly all: readonly string[]; readonly values: readonly string[] } {
  const all: string[] = [];
  const values: string[] = [];
  const visit = (node: ts.Node): void => {
    const from = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : dynamicImport(node);
    if (from !== undefined && ts.isStringLiteral(from)) {
      all.push(from.text);
      if (!isTypeOnly(node)) values.push(from.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest));
  return { all, values };
}

function dynamicImport(node: ts.Node): ts.Expression | undefined {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false;
  const { isTypeOnly, name, namedBindings } = node.importClause;
  const eachIsType =
    namedBindings !== undefined && ts.isNamedImports(namedBindings) && namedBindings.elements.every((one) => one.isTypeOnly);
  return isTypeOnly || (name === undefined && eachIsType);
}
