import type { Sample } from './metrics';

/** Whoever keeps the numbers and shows them as Prometheus text. */
export interface MetricsPort {
  record(sample: Sample): void;
  /** Forgets what a gauge says with other labels, then says `sample`: for facts of which only the latest is true. */
  replace(sample: Sample): void;
  /** Asked at every scrape. */
  onScrape(read: () => readonly Sample[]): void;
  text(): Promise<string>;
  readonly contentType: string;
  close(): void;
}
