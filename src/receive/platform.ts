/** What the client needs of the machine it runs on. Browsers and Node both have it; tests bring their own. */
export interface Platform {
  /** Opens a WebSocket that offers these subprotocols; never throws, what goes wrong arrives as `onclose`. */
  readonly open: (url: string, subprotocols: readonly string[]) => Socket;
  /** This machine's clock, milliseconds since the Unix epoch; never runs backwards. */
  readonly now: () => number;
  /** Evenly between 0 and 1. */
  readonly random: () => number;
  /** Does something later; what is returned calls it off. */
  readonly later: (milliseconds: number, work: () => void) => () => void;
  /** What a server answers over HTTP to who asks for a socket; rejects where nobody answers. Without it, nobody learns why a socket was refused. */
  readonly ask?: (url: string, token: string | undefined) => Promise<unknown>;
  /** The text of UTF-8. */
  readonly text: (bytes: Uint8Array) => string;
}

/** The part of a WebSocket that both platforms share. Binary data arrive as ArrayBuffer. */
export interface Socket {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: object) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  readonly send: (text: string) => void;
  readonly close: () => void;
}

/** What is to be done later, unless all of it is called off. */
export class Timers {
  private callOff: readonly (() => void)[] = [];

  constructor(private readonly platform: Pick<Platform, 'later'>) {}

  later(milliseconds: number, work: () => void): void {
    const stop = this.platform.later(milliseconds, () => {
      this.callOff = this.callOff.filter((other) => other !== stop);
      work();
    });
    this.callOff = [...this.callOff, stop];
  }

  clear(): void {
    this.callOff.forEach((stop) => stop());
    this.callOff = [];
  }
}
