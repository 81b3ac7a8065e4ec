import type { Model } from '../model/model.ts';

/** Why the containers come from /proc instead of a list: an API that was only just asked is not one that does not respond. */
export function missingListText({ sources }: Pick<Model, 'sources'>): string {
  const source = sources.find(({ name }) => name === 'containers');
  switch (source?.status) {
    case 'absent':
      return 'runtime API not used';
    case 'failed':
      // Nothing listens there, or it may not be asked: it is not that something hangs.
      if (source.detail?.startsWith('no container engine')) return source.detail;
      return source.detail?.includes('permission denied')
        ? 'runtime API: permission denied (run as root)'
        : 'runtime API not responding';
    default:
      return 'no answer from the runtime API yet';
  }
}
