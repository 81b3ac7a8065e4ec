import type { Pattern } from './pattern.ts';

export const stateWait: Pattern = {
  id: 'state-wait',
  title: 'State.Wait, the companion of each wait for an exit',
  meaning:
    'Each wait for a container to exit starts one of these. There are as many as stop-waits-for-exit and wait-request ' +
    'together; those of docker wait and of docker run in the foreground are normal.',
  versions: 'dockerd 17.06 and newer',
  references: ['https://github.com/moby/moby/pull/42956'],
  harmless: true,
  noun: null,
  signatures: [
    {
      steps: ['container.(*State).Wait.func*'],
      states: ['select', 'chan receive'],
      createdBy: 'container.(*State).Wait',
    },
  ],
};

export const waitRequest: Pattern = {
  id: 'wait-request',
  title: 'docker wait, or docker run in the foreground',
  meaning: 'A client waits for a container to exit, for as long as the container runs.',
  versions: 'dockerd',
  references: [],
  harmless: true,
  noun: null,
  signatures: [
    {
      steps: ['container.(*containerRouter).postContainersWait'],
      states: ['chan receive', 'select'],
    },
  ],
};
