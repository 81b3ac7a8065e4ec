import { expect, test } from 'vitest';
import { failed, ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

test('the namespaces reported are those that hold mounts of containers, the host first, and those that could not be read', () => {
  const scene = [
    make.sampleAt(0, {
      mounts: ok(
        make.mounts([
          make.namespace('30', [make.mount('/a/overlay2/x/merged')]),
          make.namespace('20', []),
          make.namespace('40', [
            make.mount('/b/overlay2/y/merged'),
            make.mount('/run/docker/netns/z', { type: 'nsfs' }),
          ]),
          make.namespace('10', [make.mount('/c/overlay2/w/merged')], { host: true }),
          make.namespace('50', [], { mounts: failed('/proc/9/mountinfo: EACCES') }),
        ]),
        1,
      ),
    }),
  ];
  const model = modelOf(scene).mounts;
  expect(model?.namespaces).toBe(5);
  expect(model?.list.map(({ inode, overlays, nsfs, detail }) => [inode, overlays, nsfs, detail])).toEqual([
    ['10', 1, 0, null],
    ['40', 1, 1, null],
    ['30', 1, 0, null],
    ['50', 0, 0, '/proc/9/mountinfo: EACCES'],
  ]);
});
