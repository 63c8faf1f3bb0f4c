/** Suites that need more than npm packages (`npm run test:extra`); each says what to install. */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/extra/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 120_000,
};
