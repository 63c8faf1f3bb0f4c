import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { toConfig } from '../../src/config';

const text = readFileSync(path.join(__dirname, '../../docs/angiocast.yml'), 'utf8');
const nothing = { environment: {}, options: {}, sources: [] };

it('says in docs/angiocast.yml what goes without saying', () => {
  expect(toConfig({ ...nothing, file: parse(text) })).toEqual(toConfig({ ...nothing, file: null }));
});

it('names there every setting that there is', () => {
  const uncommented = text.replace(/^( *)# (\w+: .*)$/gm, '$1$2');
  const { streams, ...rest } = toConfig({ ...nothing, file: parse(uncommented) });
  expect(rest).toEqual({
    ...{ host: '127.0.0.1', port: 8080, allowedOrigins: [], provider: 'auto', logLevel: 'info' },
    ...{ token: expect.any(String), model: 'models/dsa-ltdnet', threads: 2 },
  });
  expect(streams[0]?.spec.pixelSpacingMm).toBe(0.3);
});
