const loopback = /^(127\.\d+\.\d+\.\d+|::1)$/;

/** The address of a peer without what the kernel adds: an IPv4 address in IPv6's clothes, or the name of an interface. */
const bare = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** Whether an address, as the kernel tells it, is of this machine. */
export const isLoopback = (address: string | undefined): boolean => loopback.test(bare(address ?? ''));

/**
 * Whom connections from an address are counted for: that address; of IPv6 its /64, all of which one machine may have. Null: this machine, where
 * a proxy may speak for many.
 */
export function clientAddress(address: string | undefined): string | null {
  if (isLoopback(address)) return null;
  const plain = bare(address ?? '').toLowerCase();
  if (!plain.includes(':')) return plain;
  const [head = [], tail = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = plain.includes('::') ? Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0') : [];
  return [...head, ...zeros, ...tail]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
