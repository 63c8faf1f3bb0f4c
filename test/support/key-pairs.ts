import { copyFileSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsFiles } from '../../src/push/access/certificate.node';

/** Two self-signed certificates for localhost and 127.0.0.1, valid until 2126; their keys protect nothing but tests. */
export type PairName = 'one' | 'two';

const stored = (file: string): string => join(__dirname, '../fixtures/tls', file);

/** The certificate itself, for clients that trust it. */
export const certificateOf = (name: PairName): Buffer => readFileSync(stored(`${name}.crt`));
export const keyOf = (name: PairName): Buffer => readFileSync(stored(`${name}.key`));
export const certificatePath = (name: PairName): string => stored(`${name}.crt`);

/** Files in `folder` to be replaced. */
export const pairFiles = (folder: string): TlsFiles => ({ certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key') });

/** Replaces both files as programs that renew certificates do: each at once, one after the other. */
export function putPair(files: TlsFiles, certificate: PairName, key: PairName = certificate): void {
  for (const [from, to] of [
    [`${certificate}.crt`, files.certificate],
    [`${key}.key`, files.key],
  ] as const) {
    copyFileSync(stored(from), `${to}.new`);
    renameSync(`${to}.new`, to);
  }
}
