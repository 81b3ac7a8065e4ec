import { expect, test } from 'vitest';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { reportJson } from '../../../src/view/report/json.ts';
import { mountLines } from '../../../src/view/report/mounts.ts';
import { reportText } from '../../../src/view/report/text.ts';
import { mountBusy, mountsOf, nodeAt, reported, reportedNode } from '../../support/mount-worlds.ts';
import * as make from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

const jsonOf = (scene: scenes.Scene): unknown[] => {
  const model = scenes.modelOf(scene);
  return (reportJson(model, run(rules, model), false) as { mounts: unknown[] }).mounts;
};

test('the JSON gives the leaked mounts with their holders by role', () => {
  const [mount] = jsonOf([reportedNode()]);
  expect(mount).toMatchObject({
    path: `/var/lib/docker/overlay2/${reported.layer}/merged`,
    type: 'overlay',
    containerId: reported.container,
    containerState: 'removing',
    holders: [{ namespace: '4026532512', pids: reported.shims, role: 'shim' }],
    blocks: 'removal',
  });
});

test('the JSON names the roles of a backup on the host and of a service', () => {
  const mounts = jsonOf([
    nodeAt(0, { mounts: mountsOf('mount-busy-t2'), containers: [...mountBusy.failed], dockerd: mountBusy.dockerd }),
  ]);
  expect(mounts).toHaveLength(4);
  expect(mounts[0]).toMatchObject({ holders: [{ role: 'daemon' }, { role: 'service', pids: [10_695] }] });
});

test('the text has a line for each, and none where nothing leaks', () => {
  expect(mountLines(scenes.modelOf(scenes.healthy))).toEqual([]);
  const lines = mountLines(scenes.modelOf([reportedNode()]));
  expect(lines[0]).toBe('mounts       5 leaked, container mounts in 1 of 3 namespaces');
  expect(lines[1]).toContain(
    'default/pod-976a0-5/stupig (removing), held by 4 shims: /var/lib/docker/overlay2/e5dab77b',
  );
});

test('hostile names of mounts, processes and units reach neither the screen nor the report', () => {
  const evil = '/mnt/\u001b[2J\u202Eevil\nline';
  const model = scenes.modelOf([
    nodeAt(0, {
      mounts: make.mounts([
        make.namespace('1', [], { host: true, holders: [make.holder(901, 'dockerd', { kind: 'daemon' })] }),
        make.namespace('2', [make.mount(evil, { layer: 'zz' })], { holders: [make.holder(7, evil, { unit: evil })] }),
      ]),
      containers: [],
      dockerd: [901, '1'],
    }),
  ]);
  expect(model.mounts?.leaks).toHaveLength(1);
  expect(reportText(model, run(rules, model)).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
