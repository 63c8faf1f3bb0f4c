import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { builtinModules } from 'node:module';

/** `x.ts` is pure: no Node, no page, no clock, no randomness. The compiler keeps the first two out (tsconfig.pure.json), these rules the others. */
const pureFiles = { files: ['src/**/*.ts'], ignores: ['src/**/*.node.ts', 'src/**/*.dom.ts'] };

const clockless = 'Time comes with the frame or the scheduler: pass it in.';
const seeded = 'Randomness is an argument: pass it in.';
const machine = 'A pure file touches no machine: move this to an x.node.ts file and pass the result in.';

const pureRules = {
  'no-restricted-globals': [
    'error',
    ...[
      'process',
      'globalThis',
      'global',
      'require',
      'Buffer',
      'console',
      'fetch',
      'window',
      'document',
      'navigator',
      'WebSocket',
      'crypto',
    ].map((name) => ({ name, message: machine })),
    ...['performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'].map((name) => ({
      name,
      message: clockless,
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: seeded },
    { object: 'Date', property: 'now', message: clockless },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clockless },
    { selector: "CallExpression[callee.name='Date']", message: clockless },
    {
      selector: "VariableDeclarator[id.type='ObjectPattern'][init.name=/^(Math|Date)$/]",
      message: 'Write Math.x, so that the rules see it.',
    },
    { selector: 'ImportExpression', message: 'A pure file imports what it needs at its top.' },
  ],
  'no-restricted-imports': [
    'error',
    {
      paths: builtinModules.map((name) => ({ name, message: machine })),
      patterns: [
        { group: ['node:*'], message: machine },
        { group: ['**/*.node', '**/*.dom'], message: 'Imports point from effects to pure files, never back.' },
        { regex: '^(?!\\.{1,2}/)(?!rxjs$|rxjs/operators$|zod$|zod/mini$)', message: 'Pure files import only rxjs, zod and pure siblings.' },
      ],
    },
  ],
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'out/', 'work/', '.venv/', 'models/', 'src/**/*.as.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(
        ['module', 'require', 'process', 'console', 'URL', 'Buffer', 'setTimeout', 'clearTimeout', '__dirname'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.pure.json', './tsconfig.node.json', './tsconfig.dom.json', './tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-undef': 'off', // the compiler knows better
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'default-case': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-ignore': true, 'ts-expect-error': true, 'ts-nocheck': true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      // A union gets its new case by failing to compile wherever it is switched over, so a `default` must not swallow it.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: false, considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNullish: true }],
      '@typescript-eslint/unbound-method': 'off', // rxjs and jest hand methods round
      '@typescript-eslint/require-await': 'off',
    },
  },
  { ...pureFiles, rules: pureRules },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[property.name=/^(only|skip|todo)$/][object.name=/^(it|test|describe)$/]',
          message: 'No test is left out or singled out.',
        },
      ],
      // Tests read JSON and hand odd values in on purpose.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['bench/**/*.ts', 'test/extra/**/*.ts'], rules: { 'no-console': 'off' } },
);
