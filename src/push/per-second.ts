/** Counts what happens within a second, second by second: give it the time of each, it says whether that one is too many. */
export function perSecond(most: number): (now: number) => boolean {
  let began = -Infinity;
  let count = 0;
  return (now) => {
    if (now - began >= 1000) [began, count] = [now, 0];
    count += 1;
    return count > most;
  };
}
