import { createServer } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { BehaviorSubject, Subject, type Observable } from 'rxjs';
import * as z from 'zod';
import type { Clock } from '../core/clock';
import { listen } from '../core/listen.node';
import { builtFile } from '../core/package.node';
import type { Flash } from './brightness-steps';

export interface FlashPageOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** A page that flashes the screen it is shown on, and reports when. */
export interface FlashPage {
  readonly port: number;
  /** Whether anybody has asked for the page yet. */
  readonly opened: Observable<boolean>;
  /** What the page paints, in the time of `clock`; hot. */
  readonly flashes: Observable<Flash>;
  close(): void;
}

const report = z.strictObject({ flashes: z.array(z.strictObject({ at: z.number(), bright: z.boolean() })).max(16) });
/** The built page, its script and its style. */
const folder = builtFile('flash');

/** Serves the page until `close`. It posts its flashes, or none, and learns our clock from the answers. */
export async function flashPage({ clock, host, port }: FlashPageOptions): Promise<FlashPage> {
  const opened = new BehaviorSubject(false);
  const flashes = new Subject<Flash>();
  const app = express();
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'self'"], imgSrc: ['data:'] } },
      strictTransportSecurity: false,
    }),
  );
  // JSON only: a page of another origin would have to ask first (CORS), and gets no answer.
  app.post('/flashes', express.json({ limit: '4kb' }), (request, response) => {
    const at = clock.now();
    const parsed = report.safeParse(request.body);
    if (!parsed.success) return void response.sendStatus(400);
    response.json({ at });
    parsed.data.flashes.forEach((flash) => flashes.next(flash));
  });
  app.get('/', (_request, _response, next) => {
    opened.next(true);
    next();
  });
  app.use(express.static(folder, { maxAge: 0 }));
  app.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) => void response.sendStatus(400));

  const server = createServer(app);
  return {
    port: await listen(server, host, port),
    opened,
    flashes,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
