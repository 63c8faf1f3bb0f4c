const cases = Number(process.env.FUZZ_CASES ?? 2000);

/** `npm run test:fuzz`: what comes from outside, at every door (docs/fuzzing.md). */
module.exports = {
  ...require('./jest.config.js'),
  maxWorkers: 1,
  testMatch: ['<rootDir>/test/fuzz/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000 + 50 * cases,
};
