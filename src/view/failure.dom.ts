const AGAIN_AFTER_MS = 5000;

/**
 * A page that went wrong must not go on showing a picture as if it were live: whatever error nobody caught takes the picture away, says so,
 * and the page begins anew. `failed`: nothing may be drawn from then on.
 */
export function failVisibly(failed: () => void): void {
  const stop = new AbortController();
  const fail = (error: unknown): void => {
    stop.abort();
    failed();
    const words = document.createElement('p');
    words.className = 'page-failure';
    words.setAttribute('role', 'alert');
    words.textContent = `This page has failed and begins anew in a moment (${String(error)}). Research use only, not a medical device`;
    document.body.dataset.current = 'false';
    document.body.replaceChildren(words);
    document.title = 'Failed · angiocast';
    setTimeout(() => location.reload(), AGAIN_AFTER_MS);
  };
  // Browsers also report here what is no error, such as a ResizeObserver that will go on in the next frame.
  addEventListener('error', ({ error }) => error instanceof Error && fail(error), { signal: stop.signal });
  addEventListener('unhandledrejection', ({ reason }) => fail(reason), { signal: stop.signal });
}
