import { afterAll, beforeAll, beforeEach } from 'vitest';
import { CriContainerd } from './cri-containerd.ts';
import { hasNewer } from './engine.ts';

/** For `describe.each`. `prepare-newer` says why the newer one is not there, and fails where CI=true. */
export const containerds = [
  ['that is installed', { newer: false, isThere: true }],
  ['of the newer release', { newer: true, isThere: hasNewer }],
] as const;

/** Starts one before the tests of the calling file, and ends all of it after them. */
export function criNode(newer = false): CriContainerd {
  const node = new CriContainerd(newer);
  beforeAll(() => node.start());
  // The first that is registered runs last: after what the test itself undoes.
  beforeEach(({ onTestFinished }) => onTestFinished(() => node.heal()));
  afterAll(() => node.scratch.close());
  return node;
}
