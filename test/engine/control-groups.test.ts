import { expect, onTestFinished, test } from 'vitest';
import type { CgroupsValue } from '../../src/sample/cgroups.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { engineNode } from './node.ts';

const node = engineNode();

test('the control group of a container is found while it runs, and forgotten when it is gone', async () => {
  const id = await node.engine.run('steady', 'exec sleep 99999');
  const watch = node.rtwatch.watchSamples('--interval', '1s');
  onTestFinished(() => watch.close());
  const found = await watch.first('the group, with memory of its own', (sample) => {
    const value = controlGroupsIn(sample);
    return (value?.memory.counted ?? 0) > 0 && value?.groups.find(({ containerId }) => containerId === id);
  });
  expect(found.path).toContain(id);
  await node.engine.docker('rm', '-f', 'steady');
  await watch.first('it to be forgotten', (sample) =>
    controlGroupsIn(sample)?.groups.every(({ containerId }) => containerId !== id),
  );
});

function controlGroupsIn({ readings: { cgroups } }: Sample): CgroupsValue | null {
  return cgroups?.status === 'ok' ? cgroups.value : null;
}
