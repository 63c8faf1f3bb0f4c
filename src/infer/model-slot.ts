import { type Observable, Subscription, type Unsubscribable } from 'rxjs';
import type { Segmenter } from './segmenter';

/** A model leased to one run: it stays loaded until it is returned (`unsubscribe`). */
export interface ModelLease extends Unsubscribable {
  readonly segmenter: Segmenter;
}

interface Loaded<S> {
  readonly segmenter: S;
  readonly subscription: Subscription;
  leases: number;
}

/**
 * The model that runs lease. Another one is loaded beside it and replaces it only when it is ready. A run keeps the
 * model it began with; the old model is unloaded when its last run is over.
 *
 *    use     A-------------B-------------
 *    leased  ----aaaaaaaaaaaaaabbbbbbbbbb      to runs that begin then
 */
export class ModelSlot<S extends Segmenter> {
  private current: Loaded<S> | null = null;
  private readonly loaded = new Subscription();

  /**
   * Loads another model; resolves when it is the one that is leased. Rejects with the error of `model`; the previous
   * model then stays. `model` emits once and keeps what it loaded until it is unsubscribed from.
   */
  use(model: Observable<S>): Promise<S> {
    return new Promise((resolve, reject) => {
      const subscription = new Subscription();
      this.loaded.add(subscription);
      const next = (segmenter: S): void => {
        const before = this.current;
        this.current = { segmenter, subscription, leases: 0 };
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

  /** Leases the model to a run that begins now. Throws when none was loaded. */
  lease(): ModelLease {
    const leased = this.current;
    if (!leased) throw new Error('Expected a model to be loaded before the first run, got none');
    let returned = false;
    const unsubscribe = (): void => {
      if (returned) return;
      returned = true;
      leased.leases -= 1;
      this.unloadUnused(leased);
    };
    leased.leases += 1;
    return { segmenter: leased.segmenter, unsubscribe };
  }

  /** Unloads all models, also those in use. */
  close(): void {
    this.loaded.unsubscribe();
  }

  private unloadUnused(model: Loaded<S>): void {
    if (model === this.current || model.leases > 0) return;
    model.subscription.unsubscribe();
    this.loaded.remove(model.subscription);
  }
}
