import { ConfigError } from '../core/config-error';
import type { Config, StreamConfig } from './load';
import { keysWithSecrets } from './schema';

/** The ids of the streams that a reload adds, changes, renames and removes. */
export interface StreamChanges {
  readonly added: readonly string[];
  /** Another source, image area or the like: the stream is reopened. */
  readonly changed: readonly string[];
  readonly renamed: readonly string[];
  readonly removed: readonly string[];
}

export function streamChanges(before: readonly StreamConfig[], after: readonly StreamConfig[]): StreamChanges {
  const known = new Map(before.map((stream) => [stream.id, stream]));
  const kept = after.flatMap((now) => {
    const then = known.get(now.id);
    return then ? [{ id: now.id, then, now }] : [];
  });
  const ids = (streams: readonly { readonly id: string }[]): readonly string[] => streams.map(({ id }) => id);
  return {
    added: ids(after.filter(({ id }) => !known.has(id))),
    changed: ids(kept.filter(({ then, now }) => !sameValue(sourceSettings(then), sourceSettings(now)))),
    renamed: ids(kept.filter(({ then, now }) => then.name !== now.name)),
    removed: ids(before.filter(({ id }) => !after.some((stream) => stream.id === id))),
  };
}

/** What a stream is opened with: everything but its name and its expected hours. */
export const sourceSettings = ({ id, spec }: StreamConfig): object => ({ ...spec, id, name: null });

/** What a reload can change; all other keys are read once, at start. */
const changeable: ReadonlySet<string> = new Set<keyof Config>(['streams', 'model', 'provider', 'threads', 'logLevel']);

/** Throws a ConfigError for the first changed key that takes a restart. */
export function checkChangeable(before: Config, after: Config): void {
  for (const key of Object.keys({ ...before, ...after }) as (keyof Config)[]) {
    if (changeable.has(key) || sameValue(before[key], after[key])) continue;
    const [was, is] = keysWithSecrets.includes(key)
      ? ['the same value', 'another']
      : [JSON.stringify(before[key]) ?? 'nothing', JSON.stringify(after[key]) ?? 'nothing'];
    throw new ConfigError(`${key}: expected ${was} until a restart, got ${is}`);
  }
}

/** For data whose keys come in the same order. */
export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
