import { expect, onTestFinished, test } from 'vitest';
import { alarmsOf } from './machine.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';

const containers = 50;
const lookMs = 120_000;
/** So many are stopped, killed or removed, however long it takes. */
const fewest = 41;
/** It does not listen to SIGTERM, as many do not: every stop takes its ten seconds. */
const deaf = "trap '' TERM; while :; do sleep 1; done";

const node = engineNode({}, 300_000);

test('on a node where fifty containers come and go for two minutes no container is stuck at any moment', async () => {
  const names = Array.from({ length: containers }, (_, n) => `churn-${n}`);
  for (let from = 0; from < containers; from += 5) {
    await Promise.all(
      names.slice(from, from + 5).map((name, n) => node.engine.run(name, n === 0 ? deaf : 'exec sleep 99999')),
    );
  }
  const alarms = new Set<string>();
  let most = 0;
  const watch = new NodeWatch(node.rtwatch, node.engine.ownLogs, ({ model, verdicts }) => {
    most = Math.max(most, model.containers?.list.filter(({ from }) => from === 'engine').length ?? 0);
    for (const one of model.containers?.list ?? []) {
      if (one.stuck) alarms.add(`${one.label} stuck: ${one.evidence.map(({ text }) => text).join('; ')}`);
    }
    const own = (model.containers?.list ?? []).map(({ id }) => id);
    for (const { severity, title } of alarmsOf(verdicts.findings, own)) {
      if (severity === 'critical') alarms.add(title);
    }
  });
  onTestFinished(() => watch.close());
  await watch.until('the first poll', (model) => model.containers?.list.length === containers);

  const end = performance.now() + lookMs;
  let stops = 0;
  const churn = async (name: string, n: number): Promise<void> => {
    // A third is stopped and started, a third killed, a third removed and made anew; one in ten takes ten seconds.
    if (n % 3 === 0) await node.engine.docker('stop', '-t', '10', name);
    else if (n % 3 === 1) await node.engine.docker('kill', name);
    if (n % 3 === 2) {
      await node.engine.docker('rm', '-f', name);
      await node.engine.run(name, n % 5 === 0 ? deaf : 'exec sleep 99999');
    } else await node.engine.docker('start', name);
    stops++;
  };
  // Each has containers of its own: one that is removed by another is not there to be stopped.
  const worker = async (from: number): Promise<void> => {
    const own = [...names.entries()].filter(([n]) => n % 4 === from);
    for (let step = 0; performance.now() < end || stops < fewest; step++) {
      const [n, name] = own[step % own.length] ?? [0, ''];
      await churn(name, n);
    }
  };
  await Promise.all([0, 1, 2, 3].map(worker));

  expect([...alarms]).toEqual([]);
  expect(most).toBe(containers);
}, 600_000);
