import fs from 'node:fs';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { processesOfContainer } from './proc.ts';

const node = engineNode();
let watch: NodeWatch;

beforeEach(() => {
  watch = new NodeWatch(node.rtwatch);
});

afterEach(() => watch.close());

/** The file that freezes a container's group: of the hierarchy of version 1 where there is one, else of version 2. */
function freezerOf(id: string): { file: string; freeze: string; thaw: string } {
  const v1 = `/sys/fs/cgroup/freezer/docker/${id}/freezer.state`;
  return fs.existsSync(v1)
    ? { file: v1, freeze: 'FROZEN', thaw: 'THAWED' }
    : { file: `/sys/fs/cgroup/docker/${id}/cgroup.freeze`, freeze: '1', thaw: '0' };
}

test('a group that is frozen behind the engine’s back is found with the file that thaws it; a paused container is not', async () => {
  const frozen = await node.engine.run('frozen', 'while :; do sleep 0.1; done');
  const paused = await node.engine.run('paused', 'while :; do sleep 0.1; done');
  await waitFor('both to run', () => [frozen, paused].every((id) => processesOfContainer(id).length > 0));
  const { file, freeze, thaw } = freezerOf(frozen);
  const heal = async (): Promise<void> => {
    if (fs.existsSync(file)) fs.writeFileSync(file, thaw);
  };
  onTestFinished(heal);
  await node.engine.docker('pause', 'paused');
  fs.writeFileSync(file, freeze);

  await watch.until('the frozen group to be found', (_, { findings }) => {
    const found = findings.find(({ id }) => id === 'frozen-cgroup');
    expect(found).toMatchObject({ severity: 'critical', subjects: { containers: [frozen] } });
    expect(found?.remedies.map(({ command }) => command)).toContain(`echo ${thaw} > ${file}`);
    return found;
  });

  await watch.remembered();
  await heal();
  await node.engine.docker('unpause', 'paused');
  await watch.until('it to be resolved', (_, { findings, resolved = [] }) => {
    const isOpen = findings.some(({ id, lifecycle }) => id === 'frozen-cgroup' && lifecycle?.state !== 'resolved');
    return !isOpen && resolved.some(({ id }) => id === 'frozen-cgroup');
  });
});
