import { isToken } from './state/access';

/** What was remembered under a name; null where there is nothing, or where the browser keeps nothing (private windows, full disks). */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** What this tab was told to keep until it is closed, and null, as above. */
export function keptInTab(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text until this tab is closed, where the browser lets us. */
export function keepInTab(name: string, text: string): void {
  try {
    sessionStorage.setItem(name, text);
  } catch {
    // It is asked for again, then.
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

const TOKEN = 'angiocast.token';

/** The token that the address of the page carries, else the one that was typed in this tab. */
export const givenToken = (inAddress: string | undefined): string | undefined => inAddress ?? keptInTab(TOKEN) ?? undefined;

/** What is no token is shown to nobody: the server asks for one. */
export const usableToken = (token: string | undefined): string | undefined => (token !== undefined && isToken(token) ? token : undefined);

/** Begins anew with this token. One in the address would come first, and stays in the history of the browser. */
export function beginWith(token: string): void {
  keepInTab(TOKEN, token);
  const url = new URL(location.href);
  url.searchParams.delete('token');
  location.replace(url);
}
