export const RESEARCH_USE = 'Research use only, not a medical device';

/** `0.4 s`, `12 s`, `3 min`, `5 h`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Milliseconds, short: `0`, `2.4`, `−3.1`, `240`. */
export function brief(milliseconds: number): string {
  const rounded = Math.abs(milliseconds) < 9.95 ? milliseconds.toFixed(1).replace(/\.0$/, '') : milliseconds.toFixed(0);
  return rounded.replace(/^-0$/, '0').replace('-', '−');
}

/** The local time of day, `14:03:09`. */
export function timeOfDay(milliseconds: number): string {
  return new Date(milliseconds).toTimeString().slice(0, 8);
}

/** Local date and time with the offset from UTC: `2026-11-27 14:03:09 +01:00`. */
export function dateAndTime(milliseconds: number): string {
  const at = new Date(milliseconds);
  const two = (value: number): string => String(Math.trunc(Math.abs(value))).padStart(2, '0');
  const east = -at.getTimezoneOffset();
  const zone = `${east < 0 ? '-' : '+'}${two(east / 60)}:${two(east % 60)}`;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${timeOfDay(milliseconds)} ${zone}`;
}

/** The name of a run beside its stream: without the stream's name. */
export function runName(run: string, stream: string): string {
  return run.startsWith(`${stream}-`) && run.length > stream.length + 1 ? run.slice(stream.length + 1) : run;
}
