import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, root, sourceFiles } from './source-files';

const files = sourceFiles();
const text = (name: string): string => readFileSync(path.join(root, name), 'utf8');

it('keeps every source file within 200 lines, and half of them within 120', () => {
  expect(files.filter(({ lines }) => lines > 200).map(({ name, lines }) => `${name}: ${lines}`)).toEqual([]);
  const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(120);
});

it('leaves no notes to itself, no logging by hand and no switched-off rule behind', () => {
  const banned = /\b(TODO|FIXME|XXX|HACK)\b|console\.(log|debug)|@ts-(ignore|nocheck|expect-error)|\bas any\b/;
  expect(files.filter((file) => banned.test(file.text)).map(({ name }) => name)).toEqual([]);
});

it('judges how long something took only in suites that need real time', () => {
  const judged = /expect\([^)]*\b(?:performance|Date)\.now\(\)|[mM]illiseconds\)\.toBeLess/;
  const busy = filesBelow(path.join(root, 'test')).filter(
    (name) => name.endsWith('.test.ts') && !/^(extra|faults|fuzz)\/|\.time\.test/.test(name),
  );
  expect(busy.length).toBeGreaterThan(100);
  expect(busy.filter((name) => judged.test(text(`test/${name}`)))).toEqual([]);
});

it('keeps comments within 120 columns', () => {
  const comment = /^\s*(?:\/\*\*|\*|\/\/) /;
  const below = (folder: string): readonly string[] => filesBelow(path.join(root, folder)).map((name) => `${folder}/${name}`);
  const written = ['src', 'test', 'bench', 'scripts'].flatMap(below).filter((name) => /\.(tsx?|m?js)$/.test(name));
  const lines = written.flatMap((name) =>
    text(name)
      .split('\n')
      .map((line, at) => ({ line, place: `${name}:${at + 1}` })),
  );
  expect(lines.length).toBeGreaterThan(30_000);
  expect(lines.filter(({ line }) => line.length > 120 && comment.test(line)).map(({ place }) => place)).toEqual([]);
});

it('cites no document that is not in the repository', () => {
  const cited = /\b(DESIGN|CONTRACT|HOUSE|STYLE|FIELD|SCALE)(\.md)?\b/;
  const comments = (source: string): string => [...source.matchAll(/\/\*\*[^]*?\*\/|\/\/.*/g)].join('\n');
  expect(files.filter((file) => cited.test(comments(file.text))).map(({ name }) => name)).toEqual([]);
});

it('names packages by their exact version and the Node it needs', () => {
  const manifest = JSON.parse(text('package.json')) as {
    readonly name: string;
    readonly engines: { readonly node: string };
    readonly bin: Readonly<Record<string, string>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  expect(manifest.name).toBe('angiocast');
  expect(manifest.engines.node).toBe('>=20');
  expect(manifest.bin).toHaveProperty('angiocast');
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

it('depends on each package that its sources import, and only tools stand among the development dependencies', () => {
  const manifest = JSON.parse(text('package.json')) as { readonly dependencies: Readonly<Record<string, string>> };
  const packages = new Set(
    files
      .filter(({ kind }) => kind !== 'dom')
      .flatMap(({ imports }) => imports)
      .filter((name) => !name.startsWith('node:') && !name.endsWith('.ts'))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  );
  expect([...packages].filter((name) => !(name in manifest.dependencies))).toEqual([]);
});

it('commits no recording: whatever the tests show is simulated or stands beside the repository', () => {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  expect(listed.filter((name) => /\.(mp4|dcm|avi|mkv)$/i.test(name))).toEqual([]);
});
