import type { RequestListener } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { MetricsPort } from '../../measure/series';
import type { StreamStatus } from '../../protocol/stream-status';
import type { Traces } from '../../tracing/traces';
import { isKnownHost, type AccessRequest } from '../access/access-request';
import { type AccessOptions, scopes } from '../access/access.node';
import { MAX_BODY_BYTES } from '../access/limits';
import { problemOf, type Refusal, statusOf } from '../access/refusal';
import type { KeptPictures } from '../pictures/kept-pictures';
import { runPicture, runPictures, type RunPicture } from '../pictures/run-pictures.node';
import type { ServerStatus } from '../server-status';
import type { Answers } from './answers';
import { asyncApi } from './asyncapi';
import { openApi } from './openapi';
import { cors, keptRoutes, reloadRoute, socketRoute } from './routes.node';

export interface HttpOptions extends AccessOptions {
  readonly rows: () => readonly StreamStatus[];
  readonly status: ServerStatus;
  readonly keptPictures: KeptPictures;
  readonly traces: Pick<Traces, 'of'>;
  readonly metrics: MetricsPort;
  readonly version: string;
  /** The folder with the page: index.html, main.js, page.css. */
  readonly viewFolder: string;
  /** Other origins, as `https://host`, that may embed the page. */
  readonly frameAncestors: readonly string[];
  readonly warn: (message: string) => void;
  /** Called for requests with an unknown host name. */
  readonly onRefusal: (refusal: 'host') => void;
  /** Why a screen with this request would be refused; null: it would not. */
  readonly refusalFor: (request: AccessRequest, address: string | undefined) => Refusal | null;
  /** Reloads the configuration; undefined: there is no such route. */
  readonly reload?: (() => Promise<Answers['reloaded']>) | undefined;
}

/** The page, health, metrics, the API and its description. Tokens guard the API alone: the rest has no patient data. */
export function httpApp({
  rows,
  status,
  keptPictures,
  traces,
  metrics,
  version,
  viewFolder,
  allowedOrigins,
  frameAncestors,
  warn,
  onRefusal,
  refusalFor,
  reload,
  ...access
}: HttpOptions): RequestListener {
  const scopeOf = scopes(access);
  const needsToken = access.token !== undefined || access.operatorToken !== undefined;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(frameAncestors) },
      strictTransportSecurity: false,
      // It cannot allow another origin.
      xFrameOptions: frameAncestors.length === 0,
    }),
  );
  app.use((request, response, next) => {
    if (!isLarge(request)) return next();
    // The rest of the request is not read.
    response
      .status(413)
      .set('Connection', 'close')
      .json(problem('too-large', `Expected a body of at most ${MAX_BODY_BYTES} bytes with a Content-Length`));
  });
  if (!needsToken && !access.insecure)
    app.use((request, response, next) => {
      if (isKnownHost(toAccessRequest(request), allowedOrigins)) return next();
      onRefusal('host');
      response.status(statusOf.host).json(problemOf('host'));
    });

  app.use(['/healthz', '/readyz', '/openapi.json', '/asyncapi.json', '/api/v1'], cors(allowedOrigins));

  app.get('/healthz', (_request, response) => void response.json({ ok: true } satisfies Answers['health']));
  app.get('/readyz', (_request, response) => {
    const reasons = status.reasons();
    response.status(reasons.length === 0 ? 200 : 503).json({ ready: reasons.length === 0, reasons } satisfies Answers['readiness']);
  });
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', metrics.contentType).send(await metrics.text());
  });
  app.get('/openapi.json', (_request, response) => void response.json(openApi(version, needsToken)));
  app.get('/asyncapi.json', (_request, response) => void response.json(asyncApi(version, needsToken)));
  app.all('/ws', socketRoute(toAccessRequest, refusalFor));

  const api = express.Router();
  api.use((request, response, next) => {
    response.set('Cache-Control', 'no-store');
    if (scopeOf(toAccessRequest(request)) !== 'none') return next();
    response.status(401).set('WWW-Authenticate', 'Bearer').json(problemOf('token'));
  });
  api.get('/streams', (_request, response) => void response.json(rows() satisfies Answers['streams']));
  api.get('/runs', (request, response) => {
    const stream = typeof request.query.stream === 'string' && request.query.stream !== '' ? request.query.stream : null;
    if (stream !== null && !rows().some(({ id }) => id === stream))
      return void response.status(404).json(problem('unknown-stream', `No stream ${stream}`));
    response.json(status.runs(stream).map(({ record }) => record) satisfies Answers['runs']);
  });
  api.get('/runs/:run', (request, response) => {
    const entry = status.run(request.params.run);
    if (entry) response.json(entry.record satisfies Answers['run']);
    else response.status(404).json(unknownRun);
  });
  api.get('/runs/:run/trace', (request, response) => {
    const entry = status.run(request.params.run);
    if (entry) response.json(traces.of(entry.record.run) satisfies Answers['traces']);
    else response.status(404).json(unknownRun);
  });
  api.use(keptRoutes(keptPictures, status));
  api.get('/runs/:run/:picture', async (request, response) => {
    const entry = status.run(request.params.run);
    const which = runPictures.find((name): name is RunPicture => `${name}.png` === request.params.picture);
    const picture = entry && which ? runPicture(entry, which, request.query.square === '1') : null;
    if (!picture) return void response.status(404).json(problem('unknown-picture', 'No such picture, not yet or no longer'));
    response.type('png').send(await picture);
  });
  if (reload) api.post('/reload', reloadRoute({ reload, toAccessRequest, scopeOf, hasOperator: access.operatorToken !== undefined }));
  app.use('/api/v1', api);

  // Any page may load the client library; access is decided at the socket.
  app.use('/client.js', (_request, response, next) => {
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
    next();
  });
  app.use(express.static(viewFolder, { index: 'index.html', maxAge: 0 }));
  app.use((_request, response) => void response.status(404).json(problem('not-found', 'Not found')));
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const status =
      typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 500;
    if (status >= 500) warn(`A request failed: ${String(error)}`);
    response.status(status).json(status >= 500 ? problem('failed', 'The request failed') : problem('bad-request', 'Malformed request'));
  });
  return (request, response) => {
    if (URL.canParse(request.url ?? '/', 'http://localhost')) return void app(request, response);
    // Express finds no route for it and would answer in another format.
    const body = JSON.stringify(problem('bad-request', 'Malformed request'));
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
      'X-Content-Type-Options': 'nosniff',
    };
    response.writeHead(400, headers).end(body);
  };
}

/** The page loads only its own script and style, shows pictures it made, and talks to this server alone. */
const contentSecurityPolicy = (frameAncestors: readonly string[]) => ({
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'self'", ...frameAncestors],
});

function toAccessRequest({ headers, query, secure }: Request): AccessRequest {
  const { authorization, origin, host } = headers;
  return { authorization, origin, host, secure, queryToken: typeof query.token === 'string' ? query.token : null, protocols: [] };
}

/** No request needs a body, so one of unknown length counts as too large. */
function isLarge({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES;
}

const unknownRun = problem('unknown-run', 'No such run, or it is too long ago');

function problem(code: string, message: string): Answers['problem'] {
  return { error: { code, message } };
}
