import { pino, type Logger } from 'pino';
import pretty, { type PrettyOptions } from 'pino-pretty';
import type { Config } from '../config/load';
import { Secrets } from '../config/secrets';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'level'>;

/**
 * One line per event worth waking for, on stderr: JSON, or for people, who sit at a terminal unless said otherwise.
 * What is logged carries stream ids, never URIs or patient text; should a secret get into a line all the same, it is
 * struck out.
 */
export function logger(config: Config, secrets = new Secrets(config)): Log {
  const options = {
    ...{ name: 'angiocast', level: config.logLevel },
    hooks: {
      logMethod(this: Logger, said: Parameters<Logger['info']>, method: (...said: Parameters<Logger['info']>) => void): void {
        method.apply(this, said.map((part) => secrets.redact(part)) as Parameters<Logger['info']>);
      },
    },
  };
  // A line that cannot be written, on a disk that is full, is gone; whoever said it goes on.
  const destination = pino.destination({ dest: 2, sync: true }).on('error', () => undefined);
  const { logFormat } = config;
  switch (logFormat === 'auto' ? (process.stderr.isTTY ? 'pretty' : 'json') : logFormat) {
    case 'json':
      return pino(options, destination);
    case 'pretty':
      return pino(options, pretty({ destination, sync: true, colorize: process.stderr.isTTY, ...prettyOptions }));
  }
}

/** What is known, behind what is said: `connected: stream suite, width 1280, height 1024`. */
const prettyOptions: PrettyOptions = {
  ...{ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname,name', hideObject: true },
  messageFormat: ({ level: _, time: __, pid: ___, hostname: ____, name: _____, msg, ...facts }) => {
    const known = Object.entries(facts).map(([name, fact]) => `${name} ${typeof fact === 'string' ? fact : JSON.stringify(fact)}`);
    return [String(msg), ...(known.length > 0 ? [known.join(', ')] : [])].join(': ');
  },
};
