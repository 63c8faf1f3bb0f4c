/**
 * Preloaded into every thread of the program (NODE_OPTIONS=--require): the inference worker fails as FAULT_FILE asks,
 * `{"fault": "spins", "times": 1}`, and writes `struckAt` when it did. The program itself is unaware of it.
 */
const { spawnSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const { isMainThread, parentPort } = require('node:worker_threads');

const faults = {
  throws: () => {
    throw new Error('made to throw');
  },
  exits: () => process.exit(7),
  spins: () => {
    for (;;);
  },
  stuck: () => spawnSync('sleep', ['4']),
  'eats memory': () => {
    for (const all = []; ;) all.push(new Array(1_000_000).fill(all.length));
  },
};

function due() {
  try {
    const { fault, times } = JSON.parse(readFileSync(process.env.FAULT_FILE, 'utf8'));
    if (times === 0) return undefined;
    writeFileSync(process.env.FAULT_FILE, JSON.stringify({ fault, times: times - 1, struckAt: Date.now() }));
    return fault;
  } catch {
    return undefined;
  }
}

if (!isMainThread && process.env.FAULT_FILE) {
  const on = parentPort.on.bind(parentPort);
  parentPort.on = (event, listen) =>
    on(event, (request) => {
      const fault = request.kind === 'segment' ? due() : undefined;
      if (fault === 'refuses') request.images = request.images.slice(1);
      else if (fault) faults[fault]();
      listen(request);
    });
}
