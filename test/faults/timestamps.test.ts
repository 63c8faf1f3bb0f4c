import { expectNoEffect, packetFaults } from './packet-faults';

const jumps = [
  { id: 'ahead', fault: 'timestamps jump an hour ahead', ailment: { jumped: 3600 } },
  { id: 'back', fault: 'timestamps jump an hour back', ailment: { jumped: -3600 } },
];
const faulted = packetFaults('tcp', jumps);

it.concurrent.each(jumps)('dates pictures by their arrival, whatever the source claims: $fault', async ({ id }) => {
  expectNoEffect(await faulted(id));
});
