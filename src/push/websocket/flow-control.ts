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

/** So many bytes may be on their way to a client that has not read them, and the message that went over it: of large pictures one at a time. */
const UNREAD_BYTES = 128 * 1024;
/** After so many bytes a mark is due. */
const MARK_BYTES = 64 * 1024;

/**
 * How much of what was sent a client has read. A socket takes megabytes before it says that it is full, and a slow screen would show pictures
 * seconds old; so marks (pings) go along with the data, and a mark that comes back (its pong) tells how far the client has read. A client that never
 * answers a mark is only held to what its socket takes.
 */
export class FlowControl {
  private sentBytes = 0;
  private markedBytes = 0;
  private readBytes = 0;
  private answers = false;

  /** Whether nothing more should be sent before the client has read on. */
  get isFull(): boolean {
    return this.answers && this.sentBytes - this.readBytes > UNREAD_BYTES;
  }

  /** Notes bytes that were sent; returns the mark to send after them, if one is due. */
  sent(bytes: number): string | null {
    this.sentBytes += bytes;
    if (this.sentBytes - this.markedBytes < MARK_BYTES) return null;
    this.markedBytes = this.sentBytes;
    return String(this.sentBytes);
  }

  /** A mark came back. One that we never sent tells nothing. */
  returned(mark: string): void {
    const read = /^\d{1,15}$/.test(mark) ? Number(mark) : 0;
    if (read <= this.readBytes || read > this.markedBytes) return;
    this.answers = true;
    this.readBytes = read;
  }
}
