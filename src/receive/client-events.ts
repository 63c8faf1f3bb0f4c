import type { Envelope, ServerMessage } from '../protocol/messages';
import type { Problem } from './decode';

/**
 * connecting: until the server says `hello`. silent: open, but nothing was received for 2.5 s, though servers send
 * something every second, so data may be old. waiting: until the next attempt. refused: also waiting, and the server
 * told why (`code`). closed: by `close`, for good.
 */
export type ConnectionState = 'connecting' | 'open' | 'silent' | 'waiting' | 'refused' | 'closed';

/** A received message, with its payload where it has one. */
export type ReceivedMessage<T extends ServerMessage['type'] = ServerMessage['type']> = Extract<ServerMessage, { type: T }> &
  Envelope &
  (T extends 'mask' | 'frame' ? { readonly payload: Uint8Array<ArrayBuffer> } : unknown);

type EventType = Exclude<ServerMessage['type'], 'clock' | 'alive'>;
export type AnyReceived = { [T in EventType]: ReceivedMessage<T> }[EventType];

export type ClientEvents = { readonly [T in EventType]: ReceivedMessage<T> } & {
  /** Every message, before the event of its type. */
  readonly message: AnyReceived;
  readonly connection: {
    readonly state: ConnectionState;
    readonly reason: string;
    readonly retryInMs: number | null;
    /** Why, for programs: `unauthorised`, `unknown-origin`, `unknown-host`, `full`, …; `no-websocket` while waiting. */
    readonly code?: string | undefined;
  };
  /** A message was left out because it could not be used. */
  readonly problem: Problem;
};

/** Listeners by event. An error of a listener is thrown `later`, so that it stops neither the others nor the caller. */
export class Listeners<Events> {
  private readonly sets = new Map<keyof Events, Set<(event: never) => void>>();

  constructor(private readonly later: (work: () => void) => void) {}

  /** Returns the function that removes the listener. */
  add<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void {
    // The same listener may be added twice.
    const own = (event: Events[K]): void => listener(event);
    const set = this.sets.get(name) ?? new Set();
    this.sets.set(name, set.add(own));
    return () => void set.delete(own);
  }

  emit<K extends keyof Events>(name: K, event: Events[K]): void {
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
