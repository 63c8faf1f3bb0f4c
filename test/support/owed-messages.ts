/**
 * What the server owes a client of every topic: sequence numbers that came neither as a message nor in a `loss`. A loss
 * may be reported after later messages, so the debt is zero only when nothing is under way.
 */
export class OwedMessages {
  private readonly expected = new Map<string, number>();
  private missing = 0;
  private reported = 0;

  get owed(): number {
    return this.missing - this.reported;
  }

  /** Numbers that were reported as lost. */
  get lost(): number {
    return this.reported;
  }

  /** The client is connected anew: what it missed meanwhile is nobody's debt. */
  connected(): void {
    this.expected.clear();
  }

  accept(stream: string, message: { readonly type: string; readonly seq: number; readonly head?: number; readonly count?: number }): void {
    const next = this.expected.get(stream);
    if (message.type === 'loss') this.reported += message.count ?? 0;
    else if (message.type === 'snapshot') {
      const head = message.head ?? message.seq;
      if (next !== undefined) this.missing += Math.max(0, head + 1 - next);
      this.expected.set(stream, Math.max(next ?? 0, head + 1));
    } else if (next !== undefined && message.seq >= next) {
      this.missing += message.seq - next;
      this.expected.set(stream, message.seq + 1);
    }
  }
}
