import { viewOf, type ViewerState } from './viewer-state';

/** The model of a stream and what computes it, as its latest mask says. */
export function Model({ state, stream }: { readonly state: ViewerState; readonly stream: string }) {
  const row = state.rows.find(({ id }) => id === stream);
  const facts = viewOf(state, stream).mask?.facts;
  const model = facts?.model ?? row?.model;
  const none = row && state.link === 'open' ? 'model loading' : 'model not known';
  return <span id="model">{model ? `${model.name} ${model.version} on ${facts?.provider ?? row?.provider ?? 'unknown'}` : none}</span>;
}
