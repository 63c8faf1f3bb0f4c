import type { SourceEvent } from '../acquire/source';
import type { Sample } from './metrics';

/**
 * What a source event adds to the count of captured frames; null: nothing. Counted where the source hands over, by nobody who decides about fates:
 * only so can a ledger that does not balance be seen.
 */
export function capturedCounter(stream: string, event: SourceEvent): Sample | null {
  const counted = (value: number): Sample => ({ metric: 'frames_captured_total', labels: { stream }, value });
  switch (event.kind) {
    case 'frame':
      return counted(1);
    case 'dropped':
      return counted(event.count);
    case 'connecting':
    case 'connected':
    case 'area':
    case 'dim':
    case 'stalled':
    case 'silent':
    case 'late':
    case 'punctual':
    case 'overloaded':
    case 'relieved':
    case 'lost':
    case 'ended':
      return null;
  }
}
