import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { freePort, root, serve } from '../../e2e/serve';
import { mediaMtxNeeds, rtspServer } from '../mediamtx/mediamtx';
import { needs } from '../needs';
import { startServerProcess } from '../server-process';

needs({ check: 'command -v docker-compose && command -v ffmpeg', install: 'docker-compose ffmpeg' });
needs(mediaMtxNeeds);

interface Service {
  readonly profiles?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly network_mode?: string;
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The compose file as docker-compose understands it. */
function services(env: Readonly<Record<string, string>> = {}): Readonly<Record<string, Service>> {
  const { status, stdout, stderr } = spawnSync('docker-compose', ['--profile', 'own', '--profile', 'gpu', 'config'], {
    ...{ cwd: root, encoding: 'utf8', env: { ...process.env, ...env } },
  });
  if (status !== 0) throw new Error(stderr);
  return (parse(stdout) as { readonly services: Readonly<Record<string, Service>> }).services;
}

it('describes services without rights that they do not need, in one network, from files that are there', () => {
  const all = services();
  expect(Object.keys(all).sort()).toEqual(['angiocast', 'gpu', 'grafana', 'mediamtx', 'own', 'prometheus', 'publisher']);
  expect(Object.entries(all).flatMap(([name, { profiles }]) => (profiles ? [name] : []))).toEqual(['gpu', 'own']);
  for (const [name, service] of Object.entries(all)) {
    expect([name, service.read_only, service.cap_drop, service.security_opt]).toEqual([name, true, ['ALL'], ['no-new-privileges:true']]);
    if (name !== 'mediamtx') expect([name, service.network_mode]).toEqual([name, 'service:mediamtx']);
    for (const [from = ''] of (service.volumes ?? []).map((volume) => volume.split(':')))
      expect([name, from, !from.startsWith('/') || existsSync(from)]).toEqual([name, from, true]);
  }
  // Simulated patients need no token; with real ones the program does not start without.
  expect(Object.keys(all).filter((name) => all[name]?.environment?.['ANGIOCAST_INSECURE'] !== undefined)).toEqual(['angiocast']);
  expect(services({ ANGIOCAST_TOKEN: 'mine' })['own']?.environment?.['ANGIOCAST_TOKEN']).toBe('mine');
  expect(services({ ANGIOCAST_SOURCE: 'rtsp://mine/x' })['own']?.environment?.['ANGIOCAST_SOURCE']).toBe('rtsp://mine/x');
  expect(services({ ANGIOCAST_SOURCE: 'rtsp://mine/x' })['angiocast']?.environment?.['ANGIOCAST_SOURCE']).toContain('/demo');
});

it('gives the image all that it is built from', () => {
  const context = mkdtempSync(path.join(tmpdir(), 'angiocast-image-'));
  const left = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n').filter(Boolean);
  cpSync(root, context, { recursive: true, filter: (from) => !left.some((name) => path.relative(root, from) === name) });
  symlinkSync(path.join(root, 'node_modules'), path.join(context, 'node_modules'));
  const inside = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: context, encoding: 'utf8' });
  const built = inside('npm', 'run', 'build');
  expect([built.status, built.stdout]).toEqual([0, expect.any(String)]);
  const copied = [...readFileSync(path.join(root, 'Dockerfile'), 'utf8').matchAll(/--from=built ((?:\/app\/\S+ )+)/g)];
  const files = copied.flatMap(([, names = '']) => names.trim().split(' ')).map((name) => name.replace('/app/', ''));
  expect(files).toContain('dist');
  expect(files.filter((name) => !existsSync(path.join(context, name)))).toEqual([]);
  expect(inside('node', 'dist/main.node.js', 'config', '--check')).toMatchObject({ status: 0, stdout: 'fine\n' });
  rmSync(context, { recursive: true });
});

it('shows the demo: the publisher sends simulated runs over RTSP, and their masks come', async () => {
  const [rtsp, rtp] = [await freePort(), 2 * Math.floor((await freePort()) / 2)];
  const local = (port: number): string => `127.0.0.1:${port}`;
  const url = `rtsp://${local(rtsp)}/suite`;
  const server = await startServerProcess({
    ...rtspServer({ rtsp: local(rtsp), rtp: local(rtp), rtcp: local(rtp + 1) }),
    ...{ url, listening: 'listener opened' },
  });
  const publisher = spawn(path.join(root, 'deploy/demo-feed.sh'), [url, '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await new Promise<void>((resolve, reject) => {
      publisher.stdout.on('data', (text: Buffer) => text.toString().startsWith('sending') && resolve());
      publisher.once('exit', (code) => reject(new Error(`the publisher ended with ${code}`)));
    });
    const served = await serve({ sources: [], env: { ANGIOCAST_SOURCE: `${url}#id=demo&name=Demo` } });
    try {
      const [first, again] = [await served.client.waitFor('a final mask', isFinal, 90_000), served.client.messages.length];
      const next = await served.client.waitFor(
        'that of the next run',
        (message) => isFinal(message) && message.run !== first.run,
        90_000,
        again,
      );
      expect([first.stream, next.stream]).toEqual(['demo', 'demo']);
    } finally {
      await served.stop();
    }
  } finally {
    publisher.kill('SIGTERM');
    await new Promise((resolve) => (publisher.exitCode === null ? publisher.once('exit', resolve) : resolve(null)));
    await server.close();
  }
}, 300_000);

const isFinal = ({ type, status }: { readonly type: string; readonly [field: string]: unknown }): boolean =>
  type === 'mask' && status === 'final';
