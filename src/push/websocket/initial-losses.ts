import type { Series } from '../../measure/initial-series';
import { topics, type LossCause, type Topic } from '../../protocol/messages';

/** What of each topic a screen may lose, and why (client-queue.ts): anything by overflow, pictures and stability by slowness, masks by newer ones. */
const causes: Readonly<Record<Topic, readonly LossCause[]>> = {
  mask: ['superseded', 'overflow'],
  keyframe: ['overflow'],
  run: ['overflow'],
  stability: ['slow-client', 'overflow'],
  stream: ['overflow'],
  frame: ['slow-client', 'encoder-behind', 'overflow'],
};

/** The losses of screens that are counted, to be shown at zero from the start. */
export const initialLosses: readonly Series[] = topics.flatMap((topic) =>
  causes[topic].map((reason): Series => ({ metric: 'client_messages_dropped_total', labels: { topic, reason } })),
);
