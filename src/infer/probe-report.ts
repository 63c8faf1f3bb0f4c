/** What became of trying a provider out. */
export type ProbeReport =
  | {
      readonly kind: 'passed';
      /** How long the warm graph took for the golden input. */
      readonly typicalMs: number;
      /** How many of the graph's nodes ran, and how many of these on the provider itself. */
      readonly nodes: number;
      readonly onProvider: number;
    }
  | { readonly kind: 'failed'; readonly reason: string };
