import { expect, onTestFinished, test } from 'vitest';
import { followContainerLog } from '../../src/app/actions/container-log.ts';
import type { Model } from '../../src/model/model.ts';
import type { OwnLog } from '../../src/view/terminal/pages/own-log.ts';
import { waitFor } from '../support/wait-for.ts';
import type { CriContainerd } from './cri-containerd.ts';
import { criNode } from './cri-node.ts';
import { hasNewer } from './engine.ts';
import { NodeWatch } from './node-watch.ts';
import { launcher, Rtwatch } from './rtwatch.ts';

/**
 * Two containerds with the CRI side by side, each with root, state and socket of its own, as Docker's and that of k3s are.
 * The second is of the newer release, where `prepare-newer` could fetch it.
 */
const first = criNode();
const second = criNode(hasNewer);
const url = (node: CriContainerd): string => `unix://${node.socketPath}`;

test('two containerds on one node have a row each, and the pods of both are listed', async () => {
  const ids = await Promise.all(
    [first, second].map(async (node, index) => {
      const pod = await node.runPod(`web-${index}`);
      return node.runContainer(pod, 'app', 'sleep 1000000');
    }),
  );
  const watch = new NodeWatch(new Rtwatch(first.scratch, null), ['--cri', url(first), '--cri', url(second)]);
  onTestFinished(() => watch.close());
  const isListed = (model: Model, id: string | undefined): boolean =>
    model.containers?.list.some((one) => one.id === id && one.from === 'engine' && one.state === 'running') === true;
  const rowsOf = ({ daemons }: Model) =>
    [first, second].map(({ pid }) => daemons.find(({ process }) => process?.pid === pid));
  const rows = await watch.until('both to be listed, with their pods', (model) => {
    const both = rowsOf(model);
    expect(both.map((row) => [row?.status, row?.ping.status])).toEqual([
      ['running', 'ok'],
      ['running', 'ok'],
    ]);
    return ids.every((id) => isListed(model, id)) && both;
  });
  expect(new Set(rows.map((row) => row?.name)).size).toBe(2);
  expect(rows.map((row) => row?.socket)).toEqual([url(first), url(second)]);
  // One that is stopped is found by its own name, and the other one stays well.
  process.kill(second.pid, 'SIGSTOP');
  try {
    const found = await watch.until('the silence', (_, { findings }) =>
      findings.find(({ id, subjects }) => id === 'silent-daemon' && subjects.pids.includes(second.pid)),
    );
    expect(found.subjects.daemons).toEqual([rows[1]?.name]);
    expect(found.subjects.pids).not.toContain(first.pid);
  } finally {
    process.kill(second.pid, 'SIGCONT');
  }
});

test.each([
  ['first', first],
  ['second', second],
])('the own log of a container is followed where the %s containerd writes it', async (_, node) => {
  const pod = await node.runPod('log-0');
  const id = await node.runContainer(pod, 'app', 'echo begun; while :; do sleep 1; echo again; done');
  const logs: OwnLog[] = [];
  const places = ['--cri', url(node), '--docker-host', `unix://${node.scratch.of('none.sock')}`];
  onTestFinished(followContainerLog([launcher, 'container-log', id, ...places], (log) => logs.push(log)));
  const log = await waitFor('lines that come while it is followed', () => {
    const newest = logs.at(-1);
    return (newest?.lines.length ?? 0) > 3 && newest?.trouble === null && newest;
  });
  expect(log.path).toBe(`${pod.config.logDirectory}/app/0.log`);
  expect(log.lines.slice(0, 2).map(({ sign, text }) => `${sign} ${text}`)).toEqual(['stdout begun', 'stdout again']);
});
