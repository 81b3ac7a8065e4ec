import { gap, type Pattern } from './pattern.ts';

/** moby/buildkit control/control.go, in buildkitd and in dockerd. */
export const buildRequest: Pattern = {
  id: 'build-request',
  title: 'Serves a build (BuildKit)',
  meaning:
    'A build that has lasted for hours hangs, or its client is gone. What it waits for is in other goroutines of the dump: ' +
    'look for those of solver, executor and session, and for runc. docker buildx history ls shows it; it ends with its client, ' +
    'or with a restart of dockerd or buildkitd.',
  versions: 'dockerd from 18.09, buildkitd',
  references: ['https://github.com/moby/buildkit/issues/1915'],
  harmless: true,
  briefMinutes: 240,
  noun: null,
  signatures: [{ steps: [gap, ['control.(*Controller).Status', 'control.(*Controller).Solve']] }],
};
