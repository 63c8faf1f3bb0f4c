import { expectDamageReported, expectNoEffect, packetFaults } from './packet-faults';

const faulted = packetFaults('udp', [
  { id: 'lost-1', fault: 'UDP: one packet in a hundred lost', ailment: { loss: 0.01 } },
  { id: 'lost-5', fault: 'UDP: one packet in twenty lost', ailment: { loss: 0.05 } },
  { id: 'late-5', fault: 'UDP: one packet in twenty out of order', ailment: { late: 0.05 } },
]);

it.concurrent('leaves out the pictures that lost packets have spoilt, counts them, and goes on with the same run', async () => {
  expectDamageReported(await faulted('lost-1'), 20);
});

it.concurrent('reports the picture as frozen where hardly one is whole', async () => {
  const outcome = await faulted('lost-5');
  expectDamageReported(outcome, 80);
  expect(outcome.one.told('stream')[0]?.state).toBe('frozen');
});

it.concurrent('puts packets in order, and loses nothing by it', async () => expectNoEffect(await faulted('late-5')));
