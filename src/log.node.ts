import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config';
import { Secrets } from './without-secrets';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'level'>;

/**
 * One line per event worth waking for, on stderr: JSON, or for people. What is logged carries stream ids, never URIs or patient text; should a secret get into
 * a line all the same, it is struck out.
 */
export function logger(config: Config, secrets = new Secrets(config)): Log {
  const options = {
    ...{ name: 'angiocast', level: config.logLevel },
    hooks: {
      logMethod(this: Logger, said: Parameters<Logger['info']>, method: (...said: Parameters<Logger['info']>) => void): void {
        method.apply(this, said.map((part) => secrets.strikeOut(part)) as Parameters<Logger['info']>);
      },
    },
  };
  // A line that cannot be written, on a disk that is full, is gone; whoever said it goes on.
  const destination = pino.destination({ dest: 2, sync: true }).on('error', () => undefined);
  switch (config.logFormat) {
    case 'json':
      return pino(options, destination);
    case 'pretty':
      return pino(options, pretty({ destination, sync: true, ignore: 'pid,hostname,name', colorize: process.stderr.isTTY }));
  }
}
