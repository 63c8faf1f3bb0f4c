import { expectDamageReported, packetFaults } from './packet-faults';

const shares = [
  { id: 'flip-6', fault: 'H.264: one bit in 1 000 000 flipped', ailment: { flipped: 1e-6 }, damaged: 1 },
  { id: 'flip-5', fault: 'H.264: one bit in 100 000 flipped', ailment: { flipped: 1e-5 }, damaged: 60 },
  { id: 'flip-4', fault: 'H.264: one bit in 10 000 flipped', ailment: { flipped: 1e-4 }, damaged: 80 },
  { id: 'flip-3', fault: 'H.264: one bit in 1 000 flipped', ailment: { flipped: 1e-3 }, damaged: 60 },
];
const faulted = packetFaults('tcp', shares);

it.concurrent.each(shares)('leaves out damaged pictures, counts them, and goes on with the same run: $fault', async ({ id, damaged }) => {
  const outcome = await faulted(id);
  expectDamageReported(outcome, damaged);
  if (damaged > 1) expect(outcome.one.told('stream')[0]?.state).toBe('frozen');
});
