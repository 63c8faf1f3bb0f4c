/** `npm run test:faults`: what befalls sources, processes and the machine, injected into the running program (docs/reliability.md). */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/faults/prepare.ts',
  globalTeardown: '<rootDir>/test/faults/finish.ts',
  maxWorkers: 2,
  testTimeout: 90_000,
};
