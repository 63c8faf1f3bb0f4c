const nullable = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
const text = { type: 'string' };
const number = { type: 'number' };
const integer = { type: 'integer', minimum: 0 };
const milliseconds = { type: 'number', description: 'Milliseconds since the Unix epoch' };
const point = { type: 'array', items: number, minItems: 2, maxItems: 2 };
const status = { enum: ['stabilised', 'improved', 'final'] };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function object(properties: Record<string, object>) {
  return { type: 'object', required: Object.keys(properties), properties };
}

const schemas = {
  Rect: { ...object({ x: number, y: number, width: number, height: number }), description: 'Captured-picture pixels: x right, y down' },
  Model: object({ name: text, version: text, sha256: text }),
  Frames: {
    ...object({ captured: integer, unique: integer, repeated: integer, dropped: { type: 'object', additionalProperties: integer } }),
    description: 'What became of the captured frames; unique, repeated and dropped add up to captured',
  },
  Stream: object({
    id: text,
    name: text,
    state: { enum: ['connecting', 'live', 'held', 'frozen', 'lost', 'ended'] },
    reason: text,
    width: nullable(integer),
    height: nullable(integer),
    imageArea: nullable(ref('Rect')),
    acquisitionRateHz: nullable(number),
    captureRateHz: nullable(number),
    provider: nullable(text),
    model: nullable(ref('Model')),
    run: nullable(text),
    frames: ref('Frames'),
  }),
  Lesion: object({
    areaPx: number,
    areaMm2: nullable(number),
    longestDiameterPx: number,
    longestDiameterMm: nullable(number),
    centroid: point,
    boundingBox: { type: 'array', items: number, minItems: 4, maxItems: 4, description: 'x, y, width, height' },
    contour: { type: 'array', items: point },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
  }),
  KeyFrame: object({ frame: integer, status, score: number, lagFrames: number, lagMs: number, capturedAt: milliseconds }),
  Run: object({
    run: text,
    stream: text,
    startedAt: milliseconds,
    endedAt: nullable(milliseconds),
    acquisitions: integer,
    keyFrame: nullable(ref('KeyFrame')),
    lesions: { type: 'array', items: ref('Lesion'), description: 'Of the latest mask' },
    mask: nullable({
      ...object({ frame: integer, status, capturedAt: milliseconds }),
      description: 'The image the latest mask belongs to',
    }),
  }),
  Readiness: object({ ready: { type: 'boolean' }, reasons: { type: 'array', items: text } }),
  Problem: object({ error: object({ code: text, message: text }) }),
};

function answer(description: string, schema: object) {
  return { description, content: { 'application/json': { schema } } };
}

const png = (description: string) => ({ description, content: { 'image/png': {} } });
const gone = { '404': answer('Unknown', ref('Problem')) };
const runParameter = { name: 'run', in: 'path', required: true, schema: text };
const get = (summary: string, responses: object, parameters: object[] = []) => ({ get: { summary, parameters, responses } });

/** The HTTP interface as OpenAPI 3.1. The WebSocket is described in docs/protocol.md. */
export function openApi(version: string, needsToken: boolean) {
  const guarded = needsToken ? { security: [{ bearer: [] }, { query: [] }] } : {};
  return {
    openapi: '3.1.0',
    info: { title: 'angiocast', version, description: 'Live tumour-mask overlays for DSA feeds. Research use only, not a medical device.' },
    ...guarded,
    paths: {
      '/healthz': get('Whether the process works', { '200': { description: 'It does' } }),
      '/readyz': get('Whether masks can be made', {
        '200': answer('Ready', ref('Readiness')),
        '503': answer('Not ready, with reasons', ref('Readiness')),
      }),
      '/metrics': get('Prometheus metrics', { '200': { description: 'Text', content: { 'text/plain': {} } } }),
      '/api/v1/streams': get('All streams', { '200': answer('One row a stream', { type: 'array', items: ref('Stream') }) }),
      '/api/v1/runs': get('The latest runs, newest first', { '200': answer('Runs', { type: 'array', items: ref('Run') }), ...gone }, [
        { name: 'stream', in: 'query', required: false, schema: text },
      ]),
      '/api/v1/runs/{run}': get('One run', { '200': answer('The run', ref('Run')), ...gone }, [runParameter]),
      '/api/v1/runs/{run}/keyframe.png': get(
        'The key frame',
        { '200': png('The whole captured picture, in which contours and image areas are counted; not the image area alone'), ...gone },
        [runParameter],
      ),
      '/api/v1/runs/{run}/mask.png': get(
        'The latest mask',
        { '200': png('As large as the captured picture: 255 where tumour, else 0'), ...gone },
        [runParameter],
      ),
      '/api/v1/runs/{run}/overlay.png': get(
        'The latest mask on its image',
        { '200': png('The captured picture the mask belongs to, with the outlines of tumour and liver'), ...gone },
        [runParameter],
      ),
    },
    components: {
      schemas,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, query: { type: 'apiKey', in: 'query', name: 'token' } },
    },
  };
}
