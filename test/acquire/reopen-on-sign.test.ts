import { TestScheduler } from 'rxjs/testing';
import { reopenOnSign } from '../../src/acquire/connection/reconnect';

it('reopens at once when the sign is seen, and opens all later connections the way that needs no reopening', () => {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run(({ cold, expectObservable }) => {
    const events = { a: { kind: 'image' }, s: { kind: 'disorder' }, e: { kind: 'skipped' } };
    const isSign = ({ kind }: { readonly kind: string }): boolean => kind === 'disorder';
    const opened: (readonly [boolean, string])[] = [];
    let seen = 0;
    const open = (needed: boolean, what: string) => {
      opened.push([needed, what]);
      return needed ? cold<{ kind: string }>('-e-e|', events) : cold<{ kind: string }>('-asa|', events);
    };
    const connect = reopenOnSign(isSign, open, () => (seen += 1));
    expectObservable(connect('x')).toBe('-a-e-e|', events);
    expectObservable(connect('y'), '----------^').toBe('-----------e-e|', events);
    expectObservable(
      reopenOnSign(
        isSign,
        () => cold<{ kind: string }>('-a#', events),
        () => undefined,
      )(),
    ).toBe('-a#', events);
    expectObservable(reopenOnSign(isSign, open, () => undefined, true)('z')).toBe('-e-e|', events);
    scheduler.flush();
    expect(opened).toEqual([
      [false, 'x'],
      [true, 'z'],
      [true, 'x'],
      [true, 'y'],
    ]);
    expect(seen).toBe(1);
  });
});
