import { concat, NEVER, of, takeUntil } from 'rxjs';
import { mapMembers } from '../../src/core/map-members';
import { expectTwice, marbles } from '../support/marbles';

const sets: Readonly<Record<string, readonly string[]>> = { n: [], a: ['a'], b: ['b'], x: ['a', 'b'] };

describe('keepMap', () => {
  it(
    'leaves those alone that stay, and closes those that go',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const own = { a: cold('   -1---2-----3'), b: cold('-4---5-----6') };
      const results = hot('    --a--x-----b------n-', sets).pipe(
        mapMembers((member, gone) => own[member as 'a' | 'b'].pipe(takeUntil(gone))),
      );
      expectObservable(results).toBe('---1--42--5-----6'.slice(0, 6) + '42--5-----6');
      expectSubscriptions(own.a.subscriptions).toBe('--^--------!');
      expectSubscriptions(own.b.subscriptions).toBe('-----^------------!');
    }),
  );

  it(
    'lets one that goes say its last word, before the one begins that takes its place',
    marbles(({ hot, expectObservable }) => {
      const results = hot('--a----b-', sets).pipe(
        mapMembers((member, gone) => concat(of(member), NEVER.pipe(takeUntil(gone)), of(member.toUpperCase()))),
      );
      expectObservable(results).toBe('--a----(Ab)-');
    }),
  );

  it(
    'lets one that is gone finish what it has begun',
    marbles(({ hot, cold, expectObservable }) => {
      const results = hot('--a--n---', sets).pipe(mapMembers(() => cold('-----1|')));
      expectObservable(results).toBe('-------1-');
    }),
  );

  it(
    'says nothing of an empty set, and ends when there are no more sets and all have ended',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('n--|', sets).pipe(mapMembers(() => NEVER))).toBe('---|');
      expectObservable(cold('a|', sets).pipe(mapMembers(() => cold('---1|')))).toBe('---1|');
      expectObservable(cold('(a|)', sets).pipe(mapMembers((_, gone) => cold('---1|').pipe(takeUntil(gone))))).toBe('---1|');
    }),
  );

  it(
    'passes on an error of a member and of the sets, and lets go of everything',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const failing = cold('--#');
      const all = hot('a---b---', sets);
      expectObservable(all.pipe(mapMembers(() => failing))).toBe('--#');
      expectSubscriptions(all.subscriptions).toBe('^-!');
      const open = cold('-------');
      expectObservable(cold('a--#', sets).pipe(mapMembers(() => open))).toBe('---#');
      expectSubscriptions(open.subscriptions).toBe('^--!');
    }),
  );

  it(
    'closes everything when nobody listens any more, and shares nothing between two subscribers',
    marbles((helpers) => {
      const member = helpers.cold('--1--1--1');
      const all = helpers.hot('a-----', sets);
      helpers.expectObservable(all.pipe(mapMembers(() => member)), '^---!').toBe('--1--');
      helpers.expectSubscriptions(member.subscriptions).toBe('^---!');
      expectTwice(helpers, helpers.cold('a-n-|', sets).pipe(mapMembers((_, gone) => helpers.cold('-1-1|').pipe(takeUntil(gone)))), '-1--|');
    }),
  );
});
