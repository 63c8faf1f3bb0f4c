import { isToken } from './state/access';

/** The stored text; null for none, or where the browser stores nothing (private windows, full disks). */
function read(storage: () => Storage, name: string): string | null {
  try {
    return storage().getItem(name);
  } catch {
    return null;
  }
}

/** Stores a text where the browser allows it; the page works without. */
function write(storage: () => Storage, name: string, text: string): void {
  try {
    storage().setItem(name, text);
  } catch {
    // The user sets or types it again after a reload.
  }
}

const SETTINGS = 'angiocast.settings';
const TOKEN = 'angiocast.token';
// A browser that forbids storage throws on the name alone.
const local = (): Storage => localStorage;
const ofTab = (): Storage => sessionStorage;

export const storedSettings = (): string | null => read(local, SETTINGS);

export const storeSettings = (text: string): void => write(local, SETTINGS, text);

/** The token in the address of the page, else the one typed in this tab. */
export const givenToken = (inAddress: string | undefined): string | undefined => inAddress ?? read(ofTab, TOKEN) ?? undefined;

/** A malformed token is not sent: the server asks for one. */
export const usableToken = (token: string | undefined): string | undefined => (token !== undefined && isToken(token) ? token : undefined);

/** Reloads the page with this token, kept until the tab is closed; one in the address would win. */
export function reloadWithToken(token: string): void {
  write(ofTab, TOKEN, token);
  const url = new URL(location.href);
  url.searchParams.delete('token');
  location.replace(url);
}
