/** How long a test of this suite may take unless it says otherwise; set by jest.config.js, whose `testTimeout` does not differ by suite. */
declare const patienceMs: number;
jest.setTimeout(patienceMs);
