import { pino, type Logger } from 'pino';
import pretty, { type PrettyOptions } from 'pino-pretty';
import type { Config } from '../config/load';
import { Secrets } from '../config/secrets';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'level'>;

/**
 * Logs to stderr, one line per entry: JSON or readable text, by default text on a terminal. Streams are named by id;
 * only the errors of a source contain its URI, without credentials. No line contains patient data, unless a file name
 * does. As a last resort, secrets of the configuration and credentials in URIs are replaced by `***`.
 */
export function logger(config: Config, secrets = new Secrets(config)): Log {
  const options = {
    ...{ name: 'angiocast', level: config.logLevel },
    hooks: {
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: (...args: Parameters<Logger['info']>) => void): void {
        method.apply(this, args.map((part) => secrets.redact(part)) as Parameters<Logger['info']>);
      },
    },
  };
  // A line that cannot be written, as on a full disk, is lost; the program goes on.
  const destination = pino.destination({ dest: 2, sync: true }).on('error', () => undefined);
  const { logFormat } = config;
  switch (logFormat === 'auto' ? (process.stderr.isTTY ? 'pretty' : 'json') : logFormat) {
    case 'json':
      return pino(options, destination);
    case 'pretty':
      return pino(options, pretty({ destination, sync: true, colorize: process.stderr.isTTY, ...prettyOptions }));
  }
}

/** The message, then its fields: `connected: stream suite, width 1280, height 1024`. */
const prettyOptions: PrettyOptions = {
  ...{ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname,name', hideObject: true },
  messageFormat: ({ level: _, time: __, pid: ___, hostname: ____, name: _____, msg, ...facts }) => {
    const fields = Object.entries(facts).map(([name, fact]) => `${name} ${typeof fact === 'string' ? fact : JSON.stringify(fact)}`);
    return [String(msg), ...(fields.length > 0 ? [fields.join(', ')] : [])].join(': ');
  },
};
