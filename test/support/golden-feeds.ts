import path from 'node:path';

/** The sample feeds that are compared, where there are any. */
export const FEEDS = ['suite-30fps', 'liver-fluoro-30fps', 'run-a-dsa-7.5fps', 'run-a-native-7.5fps'] as const;

/** What was recorded of them, and of simulated patients; `npm run bench:acquisitions -- 200 record` writes it. */
export const GOLDEN = path.resolve('test/golden/acquisitions.json');
