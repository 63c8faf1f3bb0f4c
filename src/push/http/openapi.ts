import { jsonSchemas, schemaAt } from '../../protocol/schema-docs';
import { answerExamples } from './answer-examples';
import { answerDocs } from './answers';

const ref = (name: keyof typeof answerDocs) => ({ $ref: schemaAt(name) });
const listOf = (name: keyof typeof answerDocs) => ({ type: 'array', items: ref(name) });

function answer(description: string, schema: object, example?: unknown) {
  return { description, content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } } };
}

const problem = (description: string) => answer(description, ref('Problem'), answerExamples.problem);
const plain = (description: string, type: string) => ({ description, content: { [type]: {} } });
const picture = (what: string) => ({ description: what, content: { 'image/jpeg': {}, 'image/png': {} } });
const description = (what: string) => answer(what, { type: 'object' });
const png = (what: string) => ({
  '200': plain(what, 'image/png'),
  '400': unreadablePath,
  '404': problem('No such picture: not yet, or not any more'),
});
const strangeName = 'Called by a name that is not allowed, where there is no token';
const unreadablePath = problem('The path cannot be read');

const notLetIn = {
  '403': problem('A page from an origin that is not allowed'),
  '421': problem(strangeName),
  '426': problem('It would be let in: expected a WebSocket'),
  '429': problem('Too many screens of this address'),
  '503': problem('Too many screens, or the server is closing'),
};

const runId = { name: 'run', in: 'path', required: true, schema: { type: 'string' }, description: 'The id of a run' };
const frameNumber = { name: 'frame', in: 'path', required: true, schema: { type: 'integer' }, description: 'Its index within the run' };
const streamId = { name: 'stream', in: 'query', required: false, schema: { type: 'string' }, description: 'Only the runs of this stream' };

const square = {
  ...{ name: 'square', in: 'query', required: false, schema: { type: 'string', enum: ['1'] } },
  description: 'With square pixels, as it is to be looked at, where the captured ones are not square',
};

/** The HTTP interface as OpenAPI 3.1, by the schemas of the program itself. */
export function openApi(version: string, needsToken: boolean) {
  const get = (operationId: string, summary: string, responses: object, parameters: readonly object[] = []) => ({
    get: { operationId, summary, parameters, responses: { ...responses, default: problem('The request failed') } },
  });
  const guarded = (...[operationId, summary, responses, parameters]: Parameters<typeof get>) => {
    const { get: operation } = get(operationId, summary, { ...responses, '401': problem('A token is required') }, parameters);
    return { get: needsToken ? { ...operation, security: [{ bearer: [] }, { query: [] }] } : operation };
  };
  const unknownRun = problem('No such run, or it is too long ago');
  return {
    openapi: '3.1.0',
    info: {
      title: 'angiocast',
      version,
      summary: 'Live tumour-mask overlays for DSA feeds',
      description:
        'Research use only, not a medical device. Times are milliseconds since the Unix epoch, coordinates pixels of the captured picture.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    externalDocs: { description: 'The WebSocket, as AsyncAPI', url: '/asyncapi.json' },
    paths: {
      '/': get('page', 'The viewer', { '200': plain('A page', 'text/html') }),
      '/healthz': get('health', 'Whether the process works', { '200': answer('It does', ref('Health'), answerExamples.health) }),
      '/readyz': get('readiness', 'Whether masks can be made', {
        '200': answer('Ready', ref('Readiness'), { ready: true, reasons: [] }),
        '503': answer('Not ready, with reasons', ref('Readiness'), answerExamples.readiness),
      }),
      '/metrics': get('metrics', 'Numbers for Prometheus', { '200': plain('In the text format of Prometheus', 'text/plain') }),
      '/openapi.json': get('httpDescription', 'The description of this interface', { '200': description('OpenAPI 3.1') }),
      '/asyncapi.json': get('socketDescription', 'The description of the WebSocket', { '200': description('AsyncAPI 3.0') }),
      '/ws': {
        ...guarded('socket', 'The WebSocket, described in /asyncapi.json', { '101': { description: 'Welcome' }, ...notLetIn }),
        post: guarded('whyNoSocket', 'Why a WebSocket would not be let in: browsers do not tell pages', notLetIn).get,
      },
      '/api/v1/streams': guarded('streams', 'All streams', { '200': answer('One row a stream', listOf('Stream'), answerExamples.streams) }),
      '/api/v1/runs': guarded(
        'runs',
        'The latest runs, newest first',
        { '200': answer('Runs', listOf('Run'), answerExamples.runs), '404': problem('No such stream') },
        [streamId],
      ),
      '/api/v1/runs/{run}': guarded(
        'run',
        'One run',
        { '200': answer('The run', ref('Run'), answerExamples.run), '400': unreadablePath, '404': unknownRun },
        [runId],
      ),
      '/api/v1/runs/{run}/trace': guarded(
        'runTrace',
        'Where the time of each mask of a run went, step by step, from the capture of the frame that decided to each screen',
        {
          '200': answer(
            'One trace a mask, in their order; empty while there is no key frame',
            listOf('KeyFrameTrace'),
            answerExamples.traces,
          ),
          ...{ '400': unreadablePath, '404': unknownRun },
        },
        [runId],
      ),
      '/api/v1/runs/{run}/frames': guarded(
        'runFrames',
        'The pictures of a run that the server still has: those that some screen watched, of the latest runs, 32 MiB in all, in memory alone',
        {
          '200': answer('One row a picture, in the order of their capture', listOf('KeptPicture'), answerExamples.frames),
          ...{ '400': unreadablePath, '404': unknownRun },
        },
        [runId],
      ),
      '/api/v1/runs/{run}/frames/{frame}': guarded(
        'runFrame',
        'One of these pictures',
        {
          '200': picture('The captured picture, grey, as wide as encodedWidth says'),
          '400': unreadablePath,
          '404': problem('No such picture'),
        },
        [runId, frameNumber],
      ),
      '/api/v1/runs/{run}/mask': guarded(
        'runMask',
        'The latest mask of a run: the binary mask message of the WebSocket, as /asyncapi.json describes it',
        { '200': plain('The message', 'application/octet-stream'), '400': unreadablePath, '404': problem('No mask, not yet or none') },
        [runId],
      ),
      '/api/v1/runs/{run}/keyframe.png': guarded(
        'keyFramePicture',
        'The key frame',
        png('The whole captured picture, in which contours and image areas are counted; not the image area alone'),
        [runId, square],
      ),
      '/api/v1/runs/{run}/mask.png': guarded(
        'maskPicture',
        'The latest mask',
        png('As large as the captured picture: 255 where tumour, else 0'),
        [runId],
      ),
      '/api/v1/runs/{run}/overlay.png': guarded(
        'overlayPicture',
        'The latest mask on its image',
        png(
          'The captured picture the mask belongs to, with the outlines of tumour and liver; its pixels are made square where they are not',
        ),
        [runId],
      ),
      '/api/v1/reload': {
        post: {
          ...guarded('reload', 'Reads the configuration file anew: adds, changes and removes streams, loads another model', {
            '200': answer('All of it is at work', ref('Reloaded'), answerExamples.reloaded),
            '413': problem('A body nobody asked for'),
            '403': problem(
              "Only with the operator's token; where there is none, only from the machine itself. From no page of another origin",
            ),
            '422': problem('Refused, with the reason: nothing changed'),
          }).get,
        },
      },
    },
    components: {
      schemas: jsonSchemas(answerDocs, 'draft-2020-12'),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer TOKEN' },
        query: { type: 'apiKey', in: 'query', name: 'token', description: 'For browsers, whose sockets send no headers' },
      },
    },
  };
}
