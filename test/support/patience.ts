/** The default time limit of a suite's tests, from jest.config.js, whose `testTimeout` is the same for all suites. */
declare const patienceMs: number;
jest.setTimeout(patienceMs);
