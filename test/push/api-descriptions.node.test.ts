import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { clientMessages } from '../../src/protocol/client-message';
import { serverMessages, topics } from '../../src/protocol/messages';
import { asyncApi } from '../../src/push/http/asyncapi';
import { openApi } from '../../src/push/http/openapi';
import { httpJudge, socketJudge, type HttpDescription, type SocketDescription } from '../support/api-descriptions';

const root = path.resolve(__dirname, '../..');
/** As it is served. */
const served = <T>(document: unknown): T => JSON.parse(JSON.stringify(document)) as T;
const socket = served<SocketDescription>(asyncApi('1.2.3', true));
const http = served<HttpDescription>(openApi('1.2.3', true));

/** The official validator of OpenAPI's JSON schemas is an ES module, so it works in a process of its own. */
function openApiFaults(documents: readonly unknown[]): readonly boolean[] {
  const script = `
    let text = '';
    process.stdin.on('data', (chunk) => (text += chunk));
    process.stdin.on('end', async () => {
      const { Validator } = await import('@seriousme/openapi-schema-validator');
      const verdicts = [];
      for (const document of JSON.parse(text)) verdicts.push((await new Validator().validate(document)).valid);
      process.stdout.write(JSON.stringify(verdicts));
    });`;
  const ran = spawnSync(process.execPath, ['-e', script], {
    cwd: root,
    input: JSON.stringify(documents),
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as boolean[];
}

it('serves an OpenAPI 3.1 document, by the schema of the OpenAPI initiative', () => {
  const broken = { ...http, paths: { '/healthz': { get: { responses: { '200': { content: {} } } } } } };
  expect(openApiFaults([http, served(openApi('1.2.3', false)), broken])).toEqual([true, true, false]);
}, 60_000);

it('serves an AsyncAPI 3.0 document, by the schema of the AsyncAPI initiative', () => {
  // The schema brings the draft it is written in along.
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, validateFormats: false });
  const fits = ajv.compile(JSON.parse(readFileSync(require.resolve('@asyncapi/specs/schemas/3.0.0.json'), 'utf8')) as object);
  expect([fits(socket), ajv.errorsText(fits.errors)]).toEqual([true, 'No errors']);
  expect(fits(served(asyncApi('1.2.3', false)))).toBe(true);
  expect(fits({ ...socket, channels: { screen: { address: 7 } } })).toBe(false);
});

it.each([
  ['asyncapi.json', socket],
  ['openapi.json', http],
])('points in /%s only to what is there', (_name, document) => {
  const text = JSON.stringify(document);
  const references = [...new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? ''))];
  expect(references.length).toBeGreaterThan(10);
  const there = (reference: string): unknown =>
    reference
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/')], document);
  expect(references.filter((reference) => !reference.startsWith('#/') || there(reference) === undefined)).toEqual([]);
});

it('describes every message in both directions, every field in words, with an example that fits', () => {
  const { messages, schemas } = socket.components;
  const names = [...Object.keys(serverMessages), ...Object.keys(clientMessages).map((type) => `client.${type}`)];
  expect(Object.keys(messages).sort()).toEqual(names.sort());
  const judge = socketJudge(socket);
  for (const [name, { examples, 'x-frame': frame }] of Object.entries(messages)) {
    const example = examples[0]?.payload as { readonly type: string };
    if (name.startsWith('client.')) judge.client(example);
    else if (frame.opcode === 'text') judge.server(Buffer.from(JSON.stringify(example)), false);
    else expect(() => judge.server(binary(example, []), true)).toThrow(/add up to 0|A picture is none/);
  }
  for (const described of [schemas, http.components.schemas])
    for (const [name, schema] of Object.entries(described))
      for (const [field, of] of Object.entries(
        (schema as { readonly properties: Record<string, { readonly description?: string }> }).properties,
      ))
        expect([name, field, of.description ?? '']).toEqual([name, field, expect.stringMatching(/\S/)]);
  expect(JSON.stringify(socket)).toContain(JSON.stringify(topics));
});

it('rejects a message that has less, more or something else than is described', () => {
  const judge = socketJudge(socket);
  const say = (message: object) => () => judge.server(Buffer.from(JSON.stringify(message)), false);
  const run = socket.components.messages.run?.examples[0]?.payload as Record<string, unknown>;
  expect(say(run)()).toBe('run');
  const { phase: _phase, ...less } = run;
  expect(say(less)).toThrow(/phase/);
  expect(say({ ...run, weather: 'fine' })).toThrow(/additional properties/);
  expect(say({ ...run, acquisitions: '2' })).toThrow(/integer/);
  expect(say({ ...run, type: 'weather' })).toThrow(/not described/);
  expect(() => judge.server(binary(run, []), true)).toThrow(/described as text/);
  const mask = socket.components.messages.mask?.examples[0]?.payload as { readonly lesions: readonly object[] };
  expect(judge.server(binary(mask, [0x80, 0x80, 0x04]), true)).toBe('mask');
  expect(() => judge.server(binary({ ...mask, lesions: [{ ...mask.lesions[0], colour: 'red' }] }, []), true)).toThrow(
    /additional properties/,
  );
});

it('shows an example of every answer of the API in JSON, and each fits', async () => {
  const judge = httpJudge(http);
  for (const [template, { get, post }] of Object.entries(http.paths)) {
    for (const [status, { content }] of Object.entries({ ...get?.responses, ...post?.responses })) {
      const json = content?.['application/json'];
      if (!json || template.endsWith('api.json')) continue;
      expect([template, status, json.example]).toEqual([template, status, expect.anything()]);
      await judge(template, Response.json(json.example, { status: status === 'default' ? 500 : Number(status) }));
    }
  }
});

it('would not let pass an answer that is not described', async () => {
  const judge = httpJudge(http);
  const json = (body: unknown, status = 200) => Response.json(body, { status });
  await expect(judge('/readyz', json({ ready: true, reasons: [] }))).resolves.toEqual({ ready: true, reasons: [] });
  await expect(judge('/readyz', json({ ready: true, reasons: [], mood: 'good' }))).rejects.toThrow(/additional properties/);
  await expect(judge('/readyz', json({ ready: true, reasons: [] }, 201))).rejects.toThrow(/201/);
  await expect(judge('/readyz', new Response('ready'))).rejects.toThrow(/text\/plain/);
});

function binary(message: object, payload: readonly number[]): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, Buffer.from(payload)]);
}
