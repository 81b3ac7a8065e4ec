import type { Sample } from '../sample/sample.ts';
import type { LinkHandlers, LinkState, OpenLink } from './link.ts';

/**
 * Opens a link at once and buffers its samples until a listener comes: the sampler starts while the screen's libraries are
 * still loading.
 */
export function openBuffered(open: OpenLink): OpenLink {
  const samples: Sample[] = [];
  let state: LinkState | null = null;
  let listener: LinkHandlers | null = null;
  const link = open({
    onSample: (sample) => {
      if (listener === null) samples.push(sample);
      else listener.onSample(sample);
    },
    onState: (next) => {
      state = next;
      listener?.onState(next);
    },
  });
  return (handlers) => {
    listener = handlers;
    if (state !== null) handlers.onState(state);
    for (const sample of samples.splice(0)) handlers.onSample(sample);
    return link;
  };
}
