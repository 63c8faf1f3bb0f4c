import { X509Certificate } from 'node:crypto';
import { readFileSync, type Stats, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { BehaviorSubject, type Observable } from 'rxjs';
import { ConfigError } from '../../core/config-error';

/** PEM files: a certificate with its intermediate certificates, and its key. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface KeyPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const POLL_EVERY_MS = 2000;
const DAY_MS = 86_400_000;
/** Warn this long before a certificate expires. */
const EXPIRY_WARNING_MS = 14 * DAY_MS;

/** Throws a ConfigError if the files cannot be read or do not match. */
export function readKeyPair({ certificate, key }: TlsFiles): KeyPair {
  try {
    const pair = { cert: readFileSync(certificate), key: readFileSync(key) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const reason = String(error)
      .replace(/^Error: /, '')
      .split('\n')[0];
    throw new ConfigError(`tls: expected a certificate and its key in ${certificate} and ${key}, got ${reason}`);
  }
}

/** The certificate of a server, read again when its files change; while they are unusable, the previous one stays. */
export class CertificateInUse {
  private readonly pairs: BehaviorSubject<KeyPair>;
  private readonly onFileChange = (now: Stats, before: Stats): void => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) this.reload();
  };

  /** Throws a ConfigError if unusable. Calls `warn` when it expires soon or cannot be reloaded. */
  constructor(
    private readonly files: TlsFiles,
    private readonly warn: (message: string) => void,
    now: () => number = Date.now,
  ) {
    this.pairs = new BehaviorSubject(readKeyPair(files));
    const options = { interval: POLL_EVERY_MS, persistent: false };
    for (const file of [files.certificate, files.key]) watchFile(file, options, this.onFileChange);
    this.pairs.subscribe(({ cert }) => {
      const left = Date.parse(new X509Certificate(cert).validTo) - now();
      if (left < EXPIRY_WARNING_MS)
        warn(`tls: the certificate ${left < 0 ? 'has expired' : `expires in ${Math.floor(left / DAY_MS)} days`}`);
    });
  }

  /** The current one at once, then each new one. */
  get changes(): Observable<KeyPair> {
    return this.pairs;
  }

  get current(): KeyPair {
    return this.pairs.value;
  }

  /** Reads the files now; the returned function puts them into use. Throws a ConfigError if they are unusable. */
  renew(): () => void {
    const pair = readKeyPair(this.files);
    const isSame = pair.cert.equals(this.current.cert) && pair.key.equals(this.current.key);
    return () => void (isSame || this.pairs.next(pair));
  }

  close(): void {
    for (const file of [this.files.certificate, this.files.key]) unwatchFile(file, this.onFileChange);
    this.pairs.complete();
  }

  private reload(): void {
    try {
      this.renew()();
    } catch (error) {
      this.warn(`${String(error).replace(/^ConfigError: /, '')}; the previous one stays in use`);
    }
  }
}
