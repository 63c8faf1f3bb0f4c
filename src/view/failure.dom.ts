const RELOAD_AFTER_MS = 5000;

/**
 * A broken page must not show a picture as if it were live: an uncaught error replaces it by a message, and the page
 * reloads. `failed`: nothing may be drawn from then on.
 */
export function failVisibly(failed: () => void): void {
  const stop = new AbortController();
  const fail = (error: unknown): void => {
    stop.abort();
    failed();
    const message = document.createElement('p');
    message.className = 'page-failure';
    message.setAttribute('role', 'alert');
    message.textContent = `This page has failed and reloads in a moment (${String(error)}). Research use only, not a medical device`;
    document.body.dataset.current = 'false';
    document.body.replaceChildren(message);
    document.title = 'Failed · angiocast';
    setTimeout(() => location.reload(), RELOAD_AFTER_MS);
  };
  // Browsers also report what is no error here, such as a ResizeObserver that goes on in the next frame.
  addEventListener('error', ({ error }) => error instanceof Error && fail(error), { signal: stop.signal });
  addEventListener('unhandledrejection', ({ reason }) => fail(reason), { signal: stop.signal });
}
