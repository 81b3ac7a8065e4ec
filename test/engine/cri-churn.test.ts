import { describe, expect, test } from 'vitest';
import type { CriContainerd } from './cri-containerd.ts';
import { containerds, criNode } from './cri-node.ts';
import { alarmsOf } from './machine.ts';
import { NodeWatch } from './node-watch.ts';
import { Rtwatch } from './rtwatch.ts';

const pods = 30;
const churnMs = 120_000;
/** So many pods are removed, however long it takes. */
const fewest = 21;

// Side by side: each is a healthy node of the other.
for (const [which, { newer, isThere }] of containerds) {
  describe.skipIf(!isThere).concurrent(`a containerd ${which}`, () => {
    const node = criNode(newer);
    test(
      'where thirty pods come and go for two minutes has nothing found and no container stuck at any moment',
      () => churn(node),
      600_000,
    );
  });
}

async function churn(node: CriContainerd): Promise<void> {
  const alarms = new Set<string>();
  let most = 0;
  const watch = new NodeWatch(
    new Rtwatch(node.scratch, null),
    ['--cri', `unix://${node.socketPath}`, '--log', node.logFile],
    ({ model, verdicts }) => {
      const list = model.containers?.list ?? [];
      most = Math.max(most, list.filter(({ isSandbox, state }) => !isSandbox && state === 'running').length);
      for (const { stuck, label, evidence } of list) {
        if (stuck) alarms.add(`${label} stuck: ${evidence.map(({ text }) => text).join('; ')}`);
      }
      const own = list.map(({ id }) => id);
      for (const { title, id, subjects, evidence } of alarmsOf(verdicts.findings, own)) {
        // Another containerd of this machine may end meanwhile.
        const isOfOthers = model.daemons.some(
          ({ name, lastPid }) => subjects.daemons.includes(name) && lastPid !== null && lastPid !== node.pid,
        );
        if (!isOfOthers) alarms.add(`${id}: ${title}: ${evidence.map(({ text }) => text).join('; ')}`);
      }
    },
  );
  const end = performance.now() + churnMs;
  let removed = 0;
  const make = async (n: number) => {
    const pod = await node.runPod(`churn-${n}`);
    // A third of them ends by itself.
    await node.runContainer(pod, 'app', n % 3 === 0 ? 'sleep 2' : 'sleep 1000000');
    return pod;
  };
  const worker = async (first: number): Promise<void> => {
    const own = [];
    for (let n = first; n < pods; n += 3) own.push(await make(n));
    await watch.until('the pods', () => most > pods / 2);
    for (let n = pods + first; performance.now() < end || removed < fewest; n += 3) {
      const oldest = own.shift();
      if (oldest !== undefined) await node.removePod(oldest, 120_000);
      removed++;
      own.push(await make(n));
    }
  };
  try {
    await Promise.all([0, 1, 2].map(worker));
  } finally {
    await watch.close();
  }
  // A second try that is silent must not hide what the first one saw.
  for (const alarm of alarms) process.stderr.write(`churn: ${alarm}\n`);
  expect([...alarms]).toEqual([]);
}
