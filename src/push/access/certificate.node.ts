import { X509Certificate } from 'node:crypto';
import { readFileSync, type Stats, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { BehaviorSubject, type Observable } from 'rxjs';
import { ConfigError } from '../../core/config-error';

/** PEM files: a certificate with those between it and its authority, and its key. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What these files say. */
export interface KeyPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A change is seen within this time, however the files are replaced. */
const LOOK_EVERY_MS = 2000;
const DAY_MS = 86_400_000;
/** Time left to get another one without haste. */
const SOON_MS = 14 * DAY_MS;

/** Reads the files; throws a ConfigError where they cannot be read, or do not belong together. */
export function readKeyPair({ certificate, key }: TlsFiles): KeyPair {
  try {
    const pair = { cert: readFileSync(certificate), key: readFileSync(key) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const said = String(error)
      .replace(/^Error: /, '')
      .split('\n')[0];
    throw new ConfigError(`tls: expected a certificate and its key in ${certificate} and ${key}, got ${said}`);
  }
}

/** The certificate a server shows. When its files change they are read again; while they cannot be used, the one before stays. */
export class CertificateInUse {
  private readonly pairs: BehaviorSubject<KeyPair>;
  private readonly look = (now: Stats, before: Stats): void => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) this.renewed();
  };

  /** Throws a ConfigError where it cannot be used. `warn` is told of one that cannot be renewed, or soon has to be. */
  constructor(
    private readonly files: TlsFiles,
    private readonly warn: (message: string) => void,
    now: () => number = Date.now,
  ) {
    this.pairs = new BehaviorSubject(readKeyPair(files));
    const options = { interval: LOOK_EVERY_MS, persistent: false };
    for (const file of [files.certificate, files.key]) watchFile(file, options, this.look);
    this.pairs.subscribe(({ cert }) => {
      const left = Date.parse(new X509Certificate(cert).validTo) - now();
      if (left < SOON_MS)
        warn(`tls: the certificate ${left < 0 ? 'is out of date' : `is valid for ${Math.floor(left / DAY_MS)} days more`}`);
    });
  }

  /** The present one, at once, and others as they come. */
  get changes(): Observable<KeyPair> {
    return this.pairs;
  }

  get current(): KeyPair {
    return this.pairs.value;
  }

  /** Reads the files now; what it returns brings them to use. Throws a ConfigError where they cannot be used. */
  renew(): () => void {
    const pair = readKeyPair(this.files);
    const isSame = pair.cert.equals(this.current.cert) && pair.key.equals(this.current.key);
    return () => void (isSame || this.pairs.next(pair));
  }

  close(): void {
    for (const file of [this.files.certificate, this.files.key]) unwatchFile(file, this.look);
    this.pairs.complete();
  }

  private renewed(): void {
    try {
      this.renew()();
    } catch (error) {
      this.warn(`${String(error).replace(/^ConfigError: /, '')}; the one before stays`);
    }
  }
}
