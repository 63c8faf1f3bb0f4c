import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, root, sourceFiles, stages } from './source-files';

const text = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const documents = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
  ...['docs', 'models', 'examples'].flatMap((folder) =>
    filesBelow(path.join(root, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : [])),
  ),
];

/** Names of files that stand in a bundle or are written by the program. */
const elsewhere = new Set(['model.json', 'run.json', 'openapi.json', 'asyncapi.json', 'truth.json', 'evaluation.json', 'keyframes.json']);

it('shows the two commands that a stranger needs, and that this is for research', () => {
  const readme = text('README.md');
  expect(readme).toMatch(/^ {4}npm ci && npm start\n {4}npm ci && npm test$/m);
  expect(readme).toMatch(/research use only/i);
});

it('names every folder of src in the table of stages, in the order of a frame’s way', () => {
  const rows = [...text('ARCHITECTURE.md').matchAll(/^\| `src\/([a-z]+)` \|/gm)].map((match) => match[1]);
  expect(rows).toEqual(stages);
});

it('names every top-level file of src', () => {
  const architecture = text('ARCHITECTURE.md');
  const unnamed = sourceFiles().filter(({ name, stage }) => stage === undefined && !architecture.includes(`src/${name}`));
  expect(unnamed.map(({ name }) => name)).toEqual([]);
});

it('points only to files that exist', () => {
  const quoted = /`((?:src|test|docs|models|bench|scripts|dashboards|\.ci)\/[\w./-]+|[\w.-]+\.(?:json|mjs|yml))`/g;
  const linked = /\]\((?!https?:|#)([^)#]+)[^)]*\)/g;
  const broken = documents.flatMap((document) => {
    const here = path.dirname(document);
    const named = [...text(document).matchAll(quoted)].map((match) => match[1] ?? '');
    const links = [...text(document).matchAll(linked)].map((match) => path.join(here, match[1] ?? ''));
    return [...named.filter((name) => !elsewhere.has(name)), ...links]
      .filter((name) => !existsSync(path.join(root, name)))
      .map((name) => `${document}: ${name}`);
  });
  expect(broken).toEqual([]);
});

it('links only to sections that exist', () => {
  const linked = /\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g;
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
  const sections = (name: string): readonly string[] => [...text(name).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading));
  const broken = documents.flatMap((document) =>
    [...text(document).matchAll(linked)].flatMap(([link, file = '', section = '']) => {
      const target = file === '' ? document : path.join(path.dirname(document), file);
      return target.endsWith('.md') && !sections(target).includes(section) ? [`${document}: ${link}`] : [];
    }),
  );
  expect(broken).toEqual([]);
});

it('keeps ARCHITECTURE.md within 900 words, the marks of its tables aside', () => {
  expect(text('ARCHITECTURE.md').match(/[^\s|]*[\p{L}\p{N}][^\s|]*/gu)?.length).toBeLessThanOrEqual(900);
});

it('documents how to run every suite of package.json', () => {
  const { scripts } = JSON.parse(text('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const contributing = text('CONTRIBUTING.md');
  const untold = Object.keys(scripts).filter(
    (name) => /^(test|lint|format)/.test(name) && !new RegExp(`npm (run )?${name}\\b`).test(contributing),
  );
  expect(untold).toEqual([]);
});
