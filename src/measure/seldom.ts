/** Tells what happens again and again only once in a while: gives how many of its kind were left untold since the last time, null where it is to be left untold, too. */
export function seldom<Kind>(everyMs: number): (kind: Kind, at: number) => number | null {
  const told = new Map<Kind, { readonly at: number; untold: number }>();
  return (kind, at) => {
    const before = told.get(kind);
    if (before && at - before.at < everyMs) {
      before.untold += 1;
      return null;
    }
    told.set(kind, { at, untold: 0 });
    return before?.untold ?? 0;
  };
}
