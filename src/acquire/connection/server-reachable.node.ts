import { connect } from 'node:net';
import { defer, EMPTY, exhaustMap, filter, interval, map, Observable, scan, startWith, take, takeWhile } from 'rxjs';
import { traitsOf } from '../source-kinds';
import type { SourceSpec } from '../source-spec';

const CHECK_MS = 250;

/**
 * Emits once when the server of a source accepts connections after it was seen not to: probing its port is far cheaper
 * than trying the stream, so it can be done far more often. Never emits if the server was there all along, or there is
 * none.
 *
 *    port     closed--------open---
 *    out      --------------o|
 */
export function serverReachable(spec: SourceSpec): Observable<unknown> {
  const { server } = traitsOf(spec);
  if (server === null) return EMPTY;
  return defer(() =>
    interval(CHECK_MS).pipe(
      startWith(0),
      exhaustMap(() => acceptsConnections(server)),
      scan((before: { closed: boolean; open: boolean }, open) => ({ closed: before.closed || !open, open }), {
        closed: false,
        open: false,
      }),
      takeWhile(({ closed }) => closed),
      filter(({ open }) => open),
      map(() => server),
      take(1),
    ),
  );
}

function acceptsConnections(at: { readonly host: string; readonly port: number }): Observable<boolean> {
  return new Observable((subscriber) => {
    const socket = connect(at).setTimeout(1000, () => finish(false));
    const finish = (open: boolean) => {
      subscriber.next(open);
      subscriber.complete();
    };
    socket.on('connect', () => finish(true));
    socket.on('error', () => finish(false));
    return () => socket.destroy();
  });
}
