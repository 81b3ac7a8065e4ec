import type { Model } from '../model/model.ts';

/** Why the containers come from /proc instead of a list: an API that was only just asked is not one that does not respond. */
export function missingListText({ sources }: Pick<Model, 'sources'>): string {
  const source = sources.find(({ name }) => name === 'containers');
  switch (source?.status) {
    case 'absent':
      return 'runtime API not used';
    case 'failed':
      // Nothing listens there: it is not that something hangs.
      return source.detail?.startsWith('no container engine') ? source.detail : 'runtime API not responding';
    default:
      return 'no answer from the runtime API yet';
  }
}
