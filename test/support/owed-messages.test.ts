import { OwedMessages } from './owed-messages';

const message = (seq: number) => ({ type: 'frame', seq });
const snapshot = (head: number) => ({ type: 'snapshot', seq: head, head });
const loss = (from: number, to: number, count: number) => ({ type: 'loss', seq: to, from, to, count });

it.each([
  ['nothing where every number came', [snapshot(4), message(5), message(6)], 0],
  ['nothing where what completes a snapshot comes after it', [snapshot(4), message(2), message(4), message(5)], 0],
  ['what neither came nor was told', [snapshot(4), message(5), message(8)], 2],
  ['nothing where losses were told, before or after what followed', [snapshot(4), loss(5, 6, 2), message(7), message(9), loss(8, 8, 1)], 0],
  ['nothing where a loss takes a number of its own', [snapshot(4), loss(5, 5, 1), message(6)], 0],
  ['what a new snapshot does not mention', [snapshot(4), message(5), loss(6, 8, 3), snapshot(9)], 1],
])('owes %s', (_, heard, debt) => {
  const owed = new OwedMessages();
  for (const each of heard) owed.accept('a', each);
  expect(owed.owed).toBe(debt);
});

it('owes nothing of the time in which the client was away', () => {
  const owed = new OwedMessages();
  owed.accept('a', snapshot(4));
  owed.connected();
  owed.accept('a', snapshot(20));
  owed.accept('a', message(21));
  expect(owed.owed).toBe(0);
});
