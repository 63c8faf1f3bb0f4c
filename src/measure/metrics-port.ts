import type { Series } from './initial-series';
import type { Sample } from './metrics';

/** Whoever keeps the numbers and shows them as Prometheus text. */
export interface MetricsPort {
  record(sample: Sample): void;
  /** Shows a counter or histogram that has nothing to count yet at zero; of a gauge it says nothing. */
  begin(series: Series): void;
  /** Forgets what a gauge says with other labels, then says `sample`: for facts of which only the latest is true. */
  replace(sample: Sample): void;
  /** Forgets every series whose label `name` has this value. */
  forget(name: string, value: string): void;
  /** Asked at every scrape. */
  onScrape(read: () => readonly Sample[]): void;
  text(): Promise<string>;
  readonly contentType: string;
  close(): void;
}
