import type { Platform } from './platform';

/** What is to be done later, unless all of it is called off. */
export class Timers {
  private callOff: readonly (() => void)[] = [];

  constructor(private readonly platform: Pick<Platform, 'later'>) {}

  later(milliseconds: number, work: () => void): void {
    const stop = this.platform.later(milliseconds, () => {
      this.callOff = this.callOff.filter((other) => other !== stop);
      work();
    });
    this.callOff = [...this.callOff, stop];
  }

  clear(): void {
    this.callOff.forEach((stop) => stop());
    this.callOff = [];
  }
}
