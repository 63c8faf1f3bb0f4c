import { concatMap, connect, filter, mergeMap, pairwise, pipe, startWith, type Observable, type OperatorFunction } from 'rxjs';

/**
 * Projects the members of a set for as long as they belong to it. One that is in the next set too (the same object) is left alone. One that is not
 * is told by `gone`, before new ones begin, and may go on until its last words are said.
 *
 *    sets     --{a}-----{a,b}----{b}-----|
 *    project    --a--a-----a--a--(gone: A|)
 *                         --b--b---b--b--|
 *    results  ----a--a----ba-ba--Ab--b---|
 */
export function mapMembers<T, R>(project: (member: T, gone: Observable<unknown>) => Observable<R>): OperatorFunction<readonly T[], R> {
  return pipe(
    startWith([] as readonly T[]),
    pairwise(),
    concatMap(([before, now]) => [
      ...before.filter((member) => !now.includes(member)).map((member) => ({ kind: 'gone' as const, member })),
      ...now.filter((member) => !before.includes(member)).map((member) => ({ kind: 'new' as const, member })),
    ]),
    connect((changes) =>
      changes.pipe(
        filter(({ kind }) => kind === 'new'),
        mergeMap(({ member }) => project(member, changes.pipe(filter((change) => change.kind === 'gone' && change.member === member)))),
      ),
    ),
  );
}
