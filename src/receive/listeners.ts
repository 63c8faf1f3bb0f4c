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
