import type { RequestHandler } from 'express';

/** How long a browser may remember that it asked, in seconds. */
const REMEMBERED_S = 600;

/**
 * Lets pages of `allowed` origins (`https://host`, `*` for all) read answers (CORS), and ask with a token in a header, which browsers ask for first (OPTIONS). To
 * change anything is for no page of elsewhere: only GET is answered for.
 */
export function cors(allowed: readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !(allowed.includes('*') || allowed.includes(origin))) return next();
    response.set({ 'Access-Control-Allow-Origin': origin, 'Cross-Origin-Resource-Policy': 'cross-origin' });
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return next();
    response
      .status(204)
      .set({
        'Access-Control-Allow-Methods': 'GET',
        'Access-Control-Allow-Headers': 'Authorization',
        'Access-Control-Max-Age': String(REMEMBERED_S),
      })
      .end();
  };
}
