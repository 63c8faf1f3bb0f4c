import { parentPort, workerData } from 'node:worker_threads';
import { phantomSuite, type SuiteOptions } from './suite';

/** Paints the suite's pictures ahead of time in a thread of its own: one for every message from the feed. */
const pictures = phantomSuite(workerData as SuiteOptions);
parentPort?.on('message', () => {
  const { value } = pictures.next();
  parentPort?.postMessage(value, [value.pixels.buffer as ArrayBuffer]);
});
