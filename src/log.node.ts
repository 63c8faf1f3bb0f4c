import { pino, type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** One JSON line per event worth reading, on stderr. What is logged carries stream ids, never URIs or patient text. */
export const logger = (level: string): Log => pino({ name: 'angiocast', level }, pino.destination({ dest: 2, sync: true }));
