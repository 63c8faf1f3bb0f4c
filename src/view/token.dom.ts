import { isToken } from './refusal';
import { keepInTab, keptInTab } from './storage.dom';

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
