import { type Observable, Subscription, type Unsubscribable } from 'rxjs';
import type { Segmenter } from './segmenter';

/** A model lent to one run: it stays loaded until it is given back (`unsubscribe`). */
export interface ModelLease extends Unsubscribable {
  readonly segmenter: Segmenter;
}

interface Loaded<S> {
  readonly segmenter: S;
  readonly subscription: Subscription;
  leases: number;
}

/**
 * The model that runs are given. Another one is loaded beside it and takes its place only when it is ready; a run keeps the model it began with, so that
 * the old one is unloaded when its last run is over.
 *
 *    use     A-------------B-------------
 *    lent    ----aaaaaaaaaaaaaabbbbbbbbbb      to runs that begin then
 */
export class ModelSlot<S extends Segmenter> {
  private leased: Loaded<S> | null = null;
  private readonly loaded = new Subscription();

  /**
   * Loads another model; resolves when it is the one that is lent. Rejects with the error of `model`, and the one before stays. `model` emits once
   * and holds what it loaded until it is unsubscribed from.
   */
  use(model: Observable<S>): Promise<S> {
    return new Promise((resolve, reject) => {
      const subscription = new Subscription();
      this.loaded.add(subscription);
      const next = (segmenter: S): void => {
        const before = this.leased;
        this.leased = { segmenter, subscription, leases: 0 };
        if (before) this.unloadUnused(before);
        resolve(segmenter);
      };
      const error = (cause: unknown): void => {
        this.loaded.remove(subscription);
        reject(cause instanceof Error ? cause : new Error(String(cause)));
      };
      subscription.add(model.subscribe({ next, error }));
    });
  }

  /** The model for a run that begins now. */
  lease(): ModelLease {
    const { leased } = this;
    if (!leased) throw new Error('Expected a model to be loaded before the first run, got none');
    let given = false;
    const unsubscribe = (): void => {
      if (given) return;
      given = true;
      leased.leases -= 1;
      this.unloadUnused(leased);
    };
    leased.leases += 1;
    return { segmenter: leased.segmenter, unsubscribe };
  }

  /** Unloads all, whoever still uses them. */
  close(): void {
    this.loaded.unsubscribe();
  }

  private unloadUnused(model: Loaded<S>): void {
    if (model === this.leased || model.leases > 0) return;
    model.subscription.unsubscribe();
    this.loaded.remove(model.subscription);
  }
}
