import { ConfigError } from '../core/config-error';
import type { Config, StreamConfig } from './load';
import { keysWithSecrets } from './schema';

/** What becomes of the streams, by id. */
export interface StreamChanges {
  readonly added: readonly string[];
  /** Given another source, another image area or the like: opened anew. */
  readonly changed: readonly string[];
  readonly renamed: readonly string[];
  readonly removed: readonly string[];
}

/** Compares the streams of two configurations. */
export function streamChanges(before: readonly StreamConfig[], after: readonly StreamConfig[]): StreamChanges {
  const known = new Map(before.map((stream) => [stream.id, stream]));
  const kept = after.flatMap((now) => {
    const then = known.get(now.id);
    return then ? [{ id: now.id, then, now }] : [];
  });
  const ids = (streams: readonly { readonly id: string }[]): readonly string[] => streams.map(({ id }) => id);
  return {
    added: ids(after.filter(({ id }) => !known.has(id))),
    changed: ids(kept.filter(({ then, now }) => !sameValue(asOpened(then), asOpened(now)))),
    renamed: ids(kept.filter(({ then, now }) => then.name !== now.name)),
    removed: ids(before.filter(({ id }) => !after.some((stream) => stream.id === id))),
  };
}

/** What a stream is opened by: all but its name and when it is expected. */
export const asOpened = ({ id, spec }: StreamConfig): object => ({ ...spec, id, name: null });

/** What a reload can change while the server runs; all other keys are read once, at the start. */
const changeable: ReadonlySet<string> = new Set<keyof Config>(['streams', 'model', 'provider', 'threads', 'logLevel']);

/** Throws a ConfigError that names the first key that only a restart can change, where it changed. */
export function checkChangeable(before: Config, after: Config): void {
  for (const key of Object.keys({ ...before, ...after }) as (keyof Config)[]) {
    if (changeable.has(key) || sameValue(before[key], after[key])) continue;
    const [was, is] = keysWithSecrets.includes(key)
      ? ['it as it was', 'another']
      : [JSON.stringify(before[key]) ?? 'nothing', JSON.stringify(after[key]) ?? 'nothing'];
    throw new ConfigError(`${key}: expected ${was} until a restart, got ${is}`);
  }
}

/** Data of the same shape: keys stand in the same order. */
export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
