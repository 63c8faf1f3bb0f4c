import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

/** A text, and the file that it is linted as. */
type Case = readonly [file: string, text: string];

/** Which rules find fault with each text. ESLint is an ES module, so it works in a process of its own, one for all. */
function faults(cases: readonly Case[]): (string | null)[][] {
  const script = `
    const { ESLint } = require('eslint');
    (async () => {
      const eslint = new ESLint();
      const results = [];
      for (const [filePath, text] of JSON.parse(process.argv[1])) results.push((await eslint.lintText(text, { filePath }))[0].messages.map((m) => m.ruleId));
      process.stdout.write(JSON.stringify(results));
    })();`;
  const ran = spawnSync(process.execPath, ['-e', script, JSON.stringify(cases)], {
    cwd: root,
    encoding: 'utf8',
    timeout: 110_000,
    // Where CI is set, typescript-eslint would take the file's text from the disk.
    env: { ...process.env, TSESTREE_SINGLE_RUN: 'false' },
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as (string | null)[][];
}

const impure: readonly (readonly [string, string])[] = [
  ["import { readFileSync } from 'node:fs'; export const a = readFileSync;", 'no-restricted-imports'],
  ["import fs from 'fs'; export const a = fs;", 'no-restricted-imports'],
  ["import pino from 'pino'; export const a = pino;", 'no-restricted-imports'],
  ["import { a } from './socket.node'; export const b = a;", 'no-restricted-imports'],
  ["import { a } from './screen.dom'; export const b = a;", 'no-restricted-imports'],
  ['export const a = Date.now();', 'no-restricted-properties'],
  ['export const a = new Date();', 'no-restricted-syntax'],
  ['export const a = Math.random();', 'no-restricted-properties'],
  ['export const a = performance.now();', 'no-restricted-globals'],
  ['setTimeout(() => 0, 1);', 'no-restricted-globals'],
  ['console.log(1);', 'no-restricted-globals'],
  ['export const a = process.env;', 'no-restricted-globals'],
  ['export const a = globalThis;', 'no-restricted-globals'],
  ["export const a = () => import('rxjs');", 'no-restricted-syntax'],
];

const careless: readonly (readonly [string, string])[] = [
  ['export const a = (b: any) => String(b);', '@typescript-eslint/no-explicit-any'],
  ['// @ts-ignore\nexport const a = 1;', '@typescript-eslint/ban-ts-comment'],
  ['async function a(): Promise<void> {} a();', '@typescript-eslint/no-floating-promises'],
  [
    "export const a = (k: 'x' | 'y') => { switch (k) { case 'x': return 1; } return 2; };",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  [
    "export const a = (k: 'x' | 'y') => { switch (k) { case 'x': return 1; default: return 2; } };",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  [
    "export const a = (k: 'x' | 'y') => { switch (k) { case 'x': return 1; case 'y': return 3; default: return 2; } };",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
];

const pure = "import { of } from 'rxjs'; import type { Rect } from './frame'; export const a = of<Rect>(); export const b = new Date(5);";
const fine: readonly Case[] = [
  ['src/main.node.ts', 'export const a = process.uptime() + performance.now() + Date.now();'],
  ['src/event.ts', pure],
];

let refused: (string | null)[][];
let allowed: (string | null)[][];
beforeAll(() => {
  const wrong = [...impure, ...careless].map(([text]): Case => ['src/frame.ts', text]);
  const found = faults([...wrong, ...fine]);
  [refused, allowed] = [found.slice(0, wrong.length), found.slice(wrong.length)];
}, 120_000);

it('refuses in a pure file whatever touches the machine, the clock or chance, and everywhere what hides a mistake', () => {
  [...impure, ...careless].forEach(([text, rule], i) =>
    expect({ text, found: refused[i] }).toEqual({ text, found: expect.arrayContaining([rule]) }),
  );
});

it('lets an effect file use the machine, and a pure one rxjs and a given date', () => expect(allowed).toEqual([[], []]));
