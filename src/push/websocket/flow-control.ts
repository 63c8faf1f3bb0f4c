/** A rate limiter: call it with the time (ms) of each event; true if the event exceeds `most` in its second. */
export function perSecond(most: number): (now: number) => boolean {
  let began = -Infinity;
  let count = 0;
  return (now) => {
    if (now - began >= 1000) [began, count] = [now, 0];
    count += 1;
    return count > most;
  };
}

/** Unread bytes at which sending pauses; one message may exceed it, so large pictures go one at a time. */
const UNREAD_BYTES = 128 * 1024;
/** Bytes between marks. */
const MARK_BYTES = 64 * 1024;

/**
 * How much of what was sent a client has read. A socket buffers megabytes before it reports that it is full, and a slow
 * screen would show pictures seconds old; so pings with a mark go along with the data, and their pongs tell how far the
 * client has read. A client that never answers is limited by its socket alone.
 */
export class FlowControl {
  private sentBytes = 0;
  private markedBytes = 0;
  private readBytes = 0;
  private answers = false;

  /** Whether to wait until the client has read more. */
  get isFull(): boolean {
    return this.answers && this.sentBytes - this.readBytes > UNREAD_BYTES;
  }

  /** Notes sent bytes; returns the mark to send after them, if one is due. */
  sent(bytes: number): string | null {
    this.sentBytes += bytes;
    if (this.sentBytes - this.markedBytes < MARK_BYTES) return null;
    this.markedBytes = this.sentBytes;
    return String(this.sentBytes);
  }

  /** A mark came back; unknown ones are ignored. */
  returned(mark: string): void {
    const read = /^\d{1,15}$/.test(mark) ? Number(mark) : 0;
    if (read <= this.readBytes || read > this.markedBytes) return;
    this.answers = true;
    this.readBytes = read;
  }
}
