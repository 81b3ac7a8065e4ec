import { expect, test } from 'vitest';
import type { CgroupsValue, CgroupValue } from '../../src/sample/cgroups.ts';
import { engineNode } from './node.ts';

const node = engineNode();

test('the control group of a container is found while it runs, and forgotten when it is gone', async () => {
  const id = await node.engine.run('steady', 'exec sleep 99999');
  let found: CgroupValue | undefined;
  let isRemoved = false;
  let isForgotten = false;
  const giveUpAt = performance.now() + 120_000;
  for await (const { readings } of node.rtwatch.samples('--interval', '1s')) {
    if (performance.now() > giveUpAt) break;
    if (readings.cgroups === undefined) continue;
    const value = controlGroupsIn(readings.cgroups);
    const group = value.groups.find(({ containerId }) => containerId === id);
    isForgotten = isRemoved && group === undefined;
    if (isForgotten) break;
    if (isRemoved || group === undefined || (value.memory.counted ?? 0) === 0) continue;
    found = group;
    await node.engine.docker('rm', '-f', 'steady');
    isRemoved = true;
  }
  expect(found?.path).toContain(id);
  expect(isForgotten).toBe(true);
});

function controlGroupsIn(reading: { readonly status: string; readonly value?: CgroupsValue }): CgroupsValue {
  if (reading.value === undefined) throw new Error(`no control groups: ${JSON.stringify(reading)}`);
  return reading.value;
}
