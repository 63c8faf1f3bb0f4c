import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client, Message } from './client';
import { root, serve, type Served } from './serve';

export const folder = mkdtempSync(path.join(tmpdir(), 'angiocast-reload-'));
const file = path.join(folder, 'angiocast.yaml');
export const configure = (...lines: readonly string[]): void => writeFileSync(file, `${lines.join('\n')}\n`);
export const stream = (id: string, source: string): string => `  - { id: ${id}, source: '${source}' }`;
/** A bundle with another version that computes the same. */
export function bundle(version: string): string {
  const copy = path.join(folder, version);
  cpSync(path.join(root, 'models/dsa-ltdnet'), copy, { recursive: true });
  const card = path.join(copy, 'model.json');
  writeFileSync(card, readFileSync(card, 'utf8').replace(/"version": "[^"]*"/, `"version": "${version}"`));
  return copy;
}

/** The program with the file that `configure` writes, or with other arguments; one at a time. */
export const started = async (sources: readonly string[] = []): Promise<Served> =>
  (served = await serve({ sources, args: sources.length > 0 ? [] : ['--config', file] }));
let served: Served | undefined;
export async function ended(): Promise<void> {
  await served?.stop();
  served = undefined;
}
export const forgotten = (): void => rmSync(folder, { recursive: true });

export const reload = async (): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
  const answer = await fetch(`${served?.url}/api/v1/reload`, { method: 'POST' });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
export const get = async (where: string): Promise<string> => (await served?.get(where))?.body ?? '';
/** A counter by name and labels. */
export const metric = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\d+)$`, 'm').exec(await get('/metrics'))?.[1]);
export const of = (client: Client, id: string): readonly Message[] => client.messages.filter((message) => message.stream === id);
