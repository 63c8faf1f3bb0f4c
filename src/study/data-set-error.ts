import type { Problem } from './patient';

/** A data set that cannot be used as it is. The message is one line; `problems` is all of it. */
export class DataSetError extends Error {
  override readonly name = 'DataSetError';
  readonly code = 'INVALID_DATA_SET';

  constructor(
    folder: string,
    readonly problems: readonly Problem[],
  ) {
    super(`${folder}: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}, nothing was evaluated`);
  }
}
