import { writeTable } from './table';

/** After the suite: what the trials measured, in one table. */
export default function finish(): void {
  writeTable();
}
