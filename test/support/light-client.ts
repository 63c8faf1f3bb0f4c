import { WebSocket } from 'ws';

/** How a client behaves: it reads and stays; it stays and reads nothing; it comes and goes all the time. */
export type Manner = 'steady' | 'stalled' | 'restless';

/** What stands at the head of every message. */
export interface Head {
  readonly type: string;
  readonly seq: number;
  readonly stream: string | null;
  readonly at: number;
}

export interface GuestOptions {
  /** `ws://…/ws?…`, with a query. */
  readonly url: string;
  readonly heard: (guest: Guest, head: Head, data: Buffer, binary: boolean, receivedAt: number) => void;
  /** Where it comes back, it asks for what it missed. */
  readonly resumes?: boolean;
  /** 0…1 */
  readonly random: () => number;
}

/** A restless one stays for up to so long, and is away for up to so long. */
const [STAY_MS, AWAY_MS] = [2000, 200];
/** One that reads nothing does not notice that it was sent away: it comes anew. */
const STALL_MS = 32_000;
/** One that was sent away comes back, as screens do. */
const BACK_MS = 500;

const now = (): number => performance.timeOrigin + performance.now();

/** A client that reads as little of a message as it can: a thousand fit in a process. Shares no code with ours. */
export class Guest {
  /** How often the server, or the network, ended a connection; how often a connection was opened. */
  cutOff = 0;
  welcomed = 0;
  /** Connected, with the present state received. */
  present = false;
  private socket: WebSocket | undefined;
  private manner: Manner = 'steady';
  private timer: NodeJS.Timeout | undefined;
  private isLeaving = false;
  private isGone = false;
  private epoch = '';
  private readonly latest = new Map<string, number>();

  constructor(private readonly options: GuestOptions) {
    this.come();
  }

  behave(manner: Manner): void {
    this.manner = manner;
    if (this.present) this.settle();
  }

  /** Ends for good. */
  leave(): void {
    this.isGone = true;
    clearTimeout(this.timer);
    this.socket?.terminate();
  }

  private come(): void {
    const { url, resumes, heard } = this.options;
    const since = [...this.latest].map(([stream, seq]) => `&since=${encodeURIComponent(`${stream}:${seq}`)}`).join('');
    const where = resumes && this.epoch !== '' ? `${url}${since}&epoch=${this.epoch}` : url;
    const socket = new WebSocket(where, 'angiocast.v1', { perMessageDeflate: false, skipUTF8Validation: true });
    this.socket = socket;
    socket.on('message', (data: Buffer, binary) => {
      const receivedAt = now();
      const head = headOf(data, binary);
      if (head.type === 'hello') {
        this.epoch = String((JSON.parse(data.toString()) as { readonly epoch: string }).epoch);
        this.welcomed += 1;
        this.present = true;
        this.settle();
      }
      if (head.stream !== null) this.latest.set(head.stream, head.seq);
      heard(this, head, data, binary, receivedAt);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(this.timer);
      const wished = this.isLeaving;
      this.present = this.isLeaving = false;
      if (this.isGone) return;
      if (!wished) this.cutOff += 1;
      this.timer = setTimeout(() => this.come(), (wished ? AWAY_MS : BACK_MS) * this.options.random());
    });
  }

  /** Does, while connected, what its manner asks. */
  private settle(): void {
    clearTimeout(this.timer);
    const { socket, manner } = this;
    if (manner === 'stalled') socket?.pause();
    else socket?.resume();
    if (manner === 'steady') return;
    const politely = manner === 'restless' && this.options.random() < 0.5;
    const stay = manner === 'restless' ? STAY_MS * this.options.random() : STALL_MS;
    this.timer = setTimeout(() => {
      this.isLeaving = true;
      if (politely) socket?.close();
      else socket?.terminate();
    }, stay);
  }
}

const HEAD = /^\{"type":"(\w+)","seq":(\d+),"stream":(?:null|"([^"]*)"),"at":([\d.]+)/;

function headOf(data: Buffer, binary: boolean): Head {
  const start = binary ? 4 : 0;
  const found = HEAD.exec(data.toString('latin1', start, start + 200));
  if (!found) throw new Error(`Expected a message that begins with its envelope, got ${data.toString('latin1', start, start + 80)}`);
  return { type: found[1] ?? '', seq: Number(found[2]), stream: found[3] ?? null, at: Number(found[4]) };
}
