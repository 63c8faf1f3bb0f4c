/** What was remembered under a name; null where there is nothing, or where the browser keeps nothing (private windows, full disks). */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text beyond a reload, where the browser lets us. */
export function remember(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // It works without, until the next reload.
  }
}
