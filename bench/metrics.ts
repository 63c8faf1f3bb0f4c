/**
 * What the metrics cost: `npm run bench:metrics -- [SECONDS] [ROUNDS]`. Two servers side by side; one keeps metrics and
 * is scraped every five seconds, the other keeps none. Loopback only.
 */
import { prometheus } from '../src/measure/prometheus.node';
import type { MetricsPort } from '../src/measure/series';
import { compare, say, sayCost, sayWhere, work } from './side-by-side';

const nobodyCounts: MetricsPort = {
  ...{
    record: () => undefined,
    begin: () => undefined,
    replace: () => undefined,
    forget: () => undefined,
    onScrape: () => undefined,
    close: () => undefined,
  },
  ...{ text: () => Promise.resolve(''), contentType: 'text/plain' },
};

async function main(): Promise<void> {
  const {
    blocks: [on = [], off = []],
    pages,
  } = await compare(['on', 'off'], Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 3));
  sayWhere(on);
  say('metrics page', `${pages[0]} bytes every 5 s`);
  sayCost(on, off);
}

const role = process.argv[2];
void (role === 'on' || role === 'off' ? work(role === 'on' ? prometheus() : nobodyCounts) : main());
