import type { Envelope, ServerMessage } from '../protocol/messages';
import type { Problem } from './decode';

/**
 * connecting: a socket is being opened, or the server has not said hello. silent: it is open, but nothing was heard for 2.5 s, though a server is heard once a
 * second: what it said before may be old. waiting: until the next try. refused: the same, and the server said why it lets nobody in (`code`). closed: by `close`, for good.
 */
export type ConnectionState = 'connecting' | 'open' | 'silent' | 'waiting' | 'refused' | 'closed';

/** The messages a client hears, by type; those with a payload carry it. */
export type ReceivedMessage<T extends ServerMessage['type'] = ServerMessage['type']> = Extract<ServerMessage, { type: T }> &
  Envelope &
  (T extends 'mask' | 'frame' ? { readonly payload: Uint8Array<ArrayBuffer> } : unknown);

type Told = Exclude<ServerMessage['type'], 'clock' | 'alive'>;
export type AnyReceived = { [T in Told]: ReceivedMessage<T> }[Told];

export type ClientEvents = { readonly [T in Told]: ReceivedMessage<T> } & {
  /** Every message, before the event of its type. */
  readonly message: AnyReceived;
  readonly connection: {
    readonly state: ConnectionState;
    readonly reason: string;
    readonly retryInMs: number | null;
    /** Why it is refused, for programs: `unauthorised`, `unknown-origin`, `unknown-host`, `full`, …; `no-websocket` while waiting. */
    readonly code?: string | undefined;
  };
  /** Something the server sent could not be used; it was left out, the rest goes on. */
  readonly problem: Problem;
};

/** Who listens to what. A listener that throws keeps neither the others nor the caller from going on: its error is thrown `later`. */
export class Listeners<Events> {
  private readonly sets = new Map<keyof Events, Set<(event: never) => void>>();

  constructor(private readonly later: (work: () => void) => void) {}

  /** Returns the way to stop listening. */
  add<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void {
    const own = (event: Events[K]): void => listener(event);
    const set = this.sets.get(name) ?? new Set();
    this.sets.set(name, set.add(own));
    return () => void set.delete(own);
  }

  tell<K extends keyof Events>(name: K, event: Events[K]): void {
    for (const listener of this.sets.get(name) ?? []) {
      try {
        (listener as (event: Events[K]) => void)(event);
      } catch (error) {
        this.later(() => {
          throw error;
        });
      }
    }
  }
}
