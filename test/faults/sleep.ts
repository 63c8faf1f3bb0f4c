export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until the condition holds and returns the milliseconds it took; fails after `withinMs`. */
export async function until(what: string, so: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
  const since = Date.now();
  while (!(await so())) {
    if (Date.now() - since > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(10);
  }
  return Date.now() - since;
}
