/**
 * A text in which no URI shows credentials: whatever stands before an `@` becomes `***`, and so do the values of query keys that name a secret.
 * Errs on the safe side: a password that was not percent-encoded may take the host with it.
 */
export function redactUri(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/).*@(?=\S)/gi, '$1***@')
    .replace(/([?&;](?:[^=&\s]*(?:pass|pwd|user|login|token|secret|auth|key)[^=&\s]*|u|p)=)[^&\s"']*/gi, '$1***');
}
