/** What the client needs of its machine; browsers, Node and tests each have their own. */
export interface Platform {
  /** Opens a WebSocket with these subprotocols. Never throws: errors arrive as `onclose`. */
  readonly open: (url: string, subprotocols: readonly string[]) => Socket;
  /** This machine's clock, milliseconds since the Unix epoch; never runs backwards. */
  readonly now: () => number;
  /** Uniform from 0 to 1. */
  readonly random: () => number;
  /** Does some work later; the returned function cancels it. */
  readonly later: (milliseconds: number, work: () => void) => () => void;
  /** The HTTP answer to a request for a socket, which tells why it was refused; rejects without an answer. */
  readonly ask?: (url: string, token: string | undefined) => Promise<unknown>;
  /** Decodes UTF-8. */
  readonly text: (bytes: Uint8Array) => string;
}

/** The part of a WebSocket that both platforms share. Binary data arrives as ArrayBuffer. */
export interface Socket {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: object) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  readonly send: (text: string) => void;
  readonly close: () => void;
}

/** Timers that can be cancelled all at once. */
export class Timers {
  private cancels: readonly (() => void)[] = [];

  constructor(private readonly platform: Pick<Platform, 'later'>) {}

  later(milliseconds: number, work: () => void): void {
    const cancel = this.platform.later(milliseconds, () => {
      this.cancels = this.cancels.filter((other) => other !== cancel);
      work();
    });
    this.cancels = [...this.cancels, cancel];
  }

  clear(): void {
    this.cancels.forEach((cancel) => cancel());
    this.cancels = [];
  }
}
