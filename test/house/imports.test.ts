import path from 'node:path';
import { sourceFiles, stages } from './source-files';

const files = sourceFiles();
const byName = new Map(files.map((file) => [file.name, file]));

const order = (stage: string): number => stages.indexOf(stage as (typeof stages)[number]);

/** What puts the parts together: commands, server and the page's main file. Only they may import every stage. */
const assembly = /^((cli|server)\/[\w-]+\.node\.ts|main\.node\.ts|view\/main\.dom\.tsx?)$/;
/** The vocabulary of the pipeline, open to every stage. */
const nouns = new Set(['frame.ts', 'event.ts']);

it('lists every folder of src as a stage', () => {
  const folders = new Set(files.flatMap(({ stage }) => stage ?? []));
  expect([...folders].filter((folder) => order(folder) < 0)).toEqual([]);
});

it('imports no later stage than its own', () => {
  const wrong = files.flatMap(({ name, stage, imports }) =>
    stage === undefined
      ? []
      : imports.filter((other) => order(byName.get(other)?.stage ?? stage) > order(stage)).map((other) => `${name} imports ${other}`),
  );
  expect(wrong).toEqual([]);
});

it("leaves the phantom to the tests and to the program's assembly", () => {
  const wrong = files.filter(
    ({ name, stage, imports }) =>
      stage !== 'phantom' &&
      !assembly.test(name) &&
      !name.includes('phantom') &&
      imports.some((other) => byName.get(other)?.stage === 'phantom'),
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('reaches from a stage only to the top-level nouns, never to the pipeline or the program', () => {
  const wrong = files.flatMap(({ name, stage, imports }) =>
    stage === undefined || stage === 'server'
      ? []
      : imports
          .filter((other) => byName.has(other) && byName.get(other)?.stage === undefined && !nouns.has(other))
          .map((other) => `${name} imports ${other}`),
  );
  expect(wrong).toEqual([]);
});

it('lets only the program itself import the adapters of two stages', () => {
  const wrong = files.filter(({ name, stage, values }) => {
    const adapters = values.flatMap((other) => byName.get(other) ?? []).filter(({ kind, stage: its }) => kind !== 'pure' && its !== 'core');
    const known = new Set([...adapters.flatMap((adapter) => adapter.stage ?? []), ...(stage !== undefined ? [stage] : [])]);
    return known.size > 1 && !assembly.test(name);
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('keeps effects out of pure files, whichever way they would come', () => {
  const wrong = files
    .filter(({ kind }) => kind === 'pure')
    .flatMap(({ name, imports }) =>
      imports
        .filter((other) => !['rxjs', 'zod', 'zod/mini'].includes(other) && byName.get(other)?.kind !== 'pure')
        .map((other) => `${name} imports ${other}`),
    );
  expect(wrong).toEqual([]);
});

it('imports the file it means: there are no index files and no circles', () => {
  expect(files.filter(({ name }) => path.posix.basename(name).startsWith('index.')).map(({ name }) => name)).toEqual([]);

  const done = new Set<string>();
  const circle = (name: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const other of byName.get(name)?.imports ?? []) {
      const found = byName.has(other) ? circle(other, [...way, name]) : undefined;
      if (found !== undefined) return found;
    }
    done.add(name);
    return undefined;
  };
  expect(files.flatMap(({ name }) => circle(name, []) ?? [])).toEqual([]);
});

it('resolves every relative import to a file that exists', () => {
  const wrong = files.flatMap(({ name, imports }) =>
    imports.filter((other) => other.endsWith('.ts') && !byName.has(other)).map((other) => `${name} imports ${other}`),
  );
  expect(wrong).toEqual([]);
});
