import { Observable, type ObservableInput, type OperatorFunction, from } from 'rxjs';

/**
 * Projects one value at a time; of those that arrive meanwhile only the newest waits its turn, the others are never begun.
 *
 *    values   --a--b--c-------d--|
 *    project    -----A|            (each takes five)
 *    results  -------A----C-------D|
 */
export function latestMap<T, R>(project: (value: T) => ObservableInput<R>): OperatorFunction<T, R> {
  return (values) =>
    new Observable((subscriber) => {
      let waiting: { readonly value: T } | null = null;
      let busy = false;
      let over = false;

      const begin = (value: T): void => {
        busy = true;
        let results: Observable<R>;
        try {
          results = from(project(value));
        } catch (error) {
          subscriber.error(error);
          return;
        }
        subscriber.add(
          results.subscribe({
            next: (result) => subscriber.next(result),
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              busy = false;
              const next = waiting;
              waiting = null;
              if (next) begin(next.value);
              else if (over) subscriber.complete();
            },
          }),
        );
      };

      subscriber.add(
        values.subscribe({
          next: (value) => {
            if (busy) waiting = { value };
            else begin(value);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            over = true;
            if (!busy) subscriber.complete();
          },
        }),
      );
    });
}
