// Tests have an environment of their own, which ONNX Runtime does not see (src/infer/worker/no-telemetry.node.ts).
process.env.ORT_DISABLE_TELEMETRY = '1';
const { readdirSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');

const typescript = ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }];
const javascript = ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }];
// Looked up in jest's context these are slow.
const arithmetic = [
  'Math',
  'Number',
  'Array',
  'Float32Array',
  'Float64Array',
  'Int32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
];
const exporter = '@opentelemetry/otlp-exporter-base/';

/** A suite of tests: those in some places that end in `.test.ts` or what is given. */
const suite = (displayName, testMatch, { except = [], patienceMs, ...options } = {}) => ({
  displayName,
  testMatch: testMatch.map((place) => `<rootDir>/test/${place}`),
  testPathIgnorePatterns: ['/node_modules/', ...except],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': typescript,
    // It loads Node's http by import(), which jest does not let it do.
    [`${exporter}.+\\.js$`]: javascript,
  },
  sandboxInjectedGlobals: arithmetic,
  transformIgnorePatterns: [`/node_modules/(?!${exporter})`],
  ...(patienceMs && { globals: { patienceMs }, setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'] }),
  ...options,
});

const folders = ['e2e', 'extra', 'faults', 'fuzz'].map((name) => `<rootDir>/test/${name}/`);
const named = ['node', 'feed', 'time'].map((suffix) => `\\.${suffix}\\.test\\.ts$`);
const extra = readdirSync(join(__dirname, 'test/extra'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const fuzzCases = Number(process.env.FUZZ_CASES ?? 1000);

/** Which tests belong to which suite (`npm run test:NAME`); CONTRIBUTING.md tells what each is for. */
module.exports = {
  // Many tests wait more than they compute: two at a time on two processors.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  projects: [
    suite('unit', ['**/*.test.ts'], {
      except: [...folders, ...named],
      patienceMs: 60_000,
      testEnvironment: '<rootDir>/test/support/unit-environment.ts',
    }),
    suite('machine', ['**/*.node.test.ts'], { except: folders, patienceMs: 60_000 }),
    suite('feeds', ['**/*.feed.test.ts'], { patienceMs: 300_000 }),
    suite('program', ['e2e/**/*.test.ts'], { except: named, patienceMs: 60_000, globalSetup: '<rootDir>/test/e2e/small-feeds.ts' }),
    suite('time', ['**/*.time.test.ts'], { patienceMs: 120_000, globalSetup: '<rootDir>/test/e2e/small-feeds.ts' }),
    suite('faults', ['faults/**/*.test.ts'], {
      patienceMs: 90_000,
      globalSetup: '<rootDir>/test/faults/prepare.ts',
      globalTeardown: '<rootDir>/test/faults/finish.ts',
    }),
    suite('fuzz', ['fuzz/**/*.test.ts'], { patienceMs: 120_000 + 50 * fuzzCases }),
    ...extra.map(({ name }) => suite(name, [`extra/${name}/**/*.test.ts`], { patienceMs: 120_000 })),
  ],
};
