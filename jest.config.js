// Tests have an environment of their own, which ONNX Runtime does not see (src/infer/no-telemetry.node.ts).
process.env.ORT_DISABLE_TELEMETRY = '1';
const { availableParallelism } = require('node:os');

const toCommonJs = { jsc: { target: 'es2022' }, module: { type: 'commonjs' } };
const exporter = '@opentelemetry/otlp-exporter-base/';

/** `npm test`: everything under test/ that needs only what npm installs. test/extra/ and test/faults/ hold suites with needs of their own, test/fuzz/ what takes longer. */
module.exports = {
  // Many tests wait more than they compute: two at a time on two processors.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/extra/', '<rootDir>/test/faults/', '<rootDir>/test/fuzz/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
    // It loads Node's http by import(), which jest does not let it do.
    [`${exporter}.+\\.js$`]: ['@swc/jest', toCommonJs],
  },
  transformIgnorePatterns: [`/node_modules/(?!${exporter})`],
};
