import type { Member } from './broadcast';

/** Screens on their way into a stream: each enters once what it begins with is there, unless it leaves before. */
export class Arrivals {
  private readonly waiting = new Map<Member, Promise<unknown>>();

  /** Those that have not entered yet. */
  get members(): readonly Member[] {
    return [...this.waiting.keys()];
  }

  /** Lets `member` enter: at once where nothing is `lacking`, else when all of that is there and nothing new is lacking. */
  receive(member: Member, lacking: () => readonly Promise<void>[], enter: () => void): void {
    this.waiting.delete(member);
    const work = lacking();
    if (work.length === 0) return enter();
    const all = Promise.all(work);
    this.waiting.set(member, all);
    void all.then(() => {
      if (this.waiting.get(member) === all) this.receive(member, lacking, enter);
    });
  }

  leave(member: Member): void {
    this.waiting.delete(member);
  }

  clear(): void {
    this.waiting.clear();
  }
}
