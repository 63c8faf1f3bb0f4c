import { connect } from 'node:net';
import { defer, EMPTY, exhaustMap, filter, interval, map, Observable, scan, startWith, take, takeWhile } from 'rxjs';
import type { SourceSpec } from './source-spec';

const knockEveryMs = 250;

/**
 * Emits once when the server of an RTSP source accepts connections after it was seen not to: knocking at its port costs far less than trying the stream, and
 * may be done far more often. Never emits for a server that was there all the time, nor for other sources.
 *
 *    port     closed--------open---
 *    out      --------------o|
 */
export function serverBack(spec: SourceSpec): Observable<unknown> {
  const [, secure = '', host = '', port] =
    (spec.kind === 'rtsp' && /^rtsp(s?):\/\/(?:[^\s/?]*@)?(\[[^\]]+\]|[^\s/?:]+)(?::(\d+))?/i.exec(spec.url)) || [];
  if (host === '') return EMPTY;
  const at = { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? (secure === '' ? 554 : 322)) };
  return defer(() =>
    interval(knockEveryMs).pipe(
      startWith(0),
      exhaustMap(() => answers(at)),
      scan((seen: { closed: boolean; open: boolean }, open) => ({ closed: seen.closed || !open, open }), { closed: false, open: false }),
      takeWhile(({ closed }) => closed),
      filter(({ open }) => open),
      map(() => at),
      take(1),
    ),
  );
}

function answers(at: { readonly host: string; readonly port: number }): Observable<boolean> {
  return new Observable((subscriber) => {
    const socket = connect(at).setTimeout(1000, () => tell(false));
    const tell = (open: boolean) => {
      subscriber.next(open);
      subscriber.complete();
    };
    socket.on('connect', () => tell(true));
    socket.on('error', () => tell(false));
    return () => socket.destroy();
  });
}
