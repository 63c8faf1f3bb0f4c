import type { MeasuredLatency } from './measure/capture-latency';

/** A measured capture latency as lines of text; the last is an option of the source, ready to be pasted. */
export function calibrationText(shown: string, latency: MeasuredLatency): string {
  const { latencyMs, fastMs, slowMs, painted, seen, intervalMs } = latency;
  const ms = (value: number): string => `${Math.round(value)} ms`;
  const rows: readonly (readonly [string, string])[] = [
    ['source', shown],
    ['flashes', `${painted} painted, ${seen} of them seen`],
    ['from the glass', `${ms(latencyMs)}; half of the flashes took ${ms(fastMs)} to ${ms(slowMs)}`],
    ['a picture every', ms(intervalMs)],
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(20)}${value}\n`).join('')}captureLatencyMs=${Math.round(latencyMs)}\n`;
}
