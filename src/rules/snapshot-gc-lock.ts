import { countOf } from '../base/counts.ts';
import { rule } from './engine/rule.ts';
import { containerdStacks, daemonNamed } from './shared/daemon-words.ts';
import { countEvidence, heldUpFinding, lastingCount } from './shared/held-up-calls.ts';

/** The garbage collection of snapshots holds the lock of its snapshotter for long, and starts of pods wait for it. */
export const snapshotGcLock = rule({
  id: 'snapshot-gc-lock',
  needs: ['stacks'],
  uses: ['daemons'],
  matters: false,
  judge: ({ stacks, daemons }) =>
    containerdStacks(stacks).flatMap((one) => {
      const holders = lastingCount(one, 'snapshot-gc');
      const waiting = lastingCount(one, 'snapshotter-lock-waiter');
      if (holders === 0 || waiting === 0) return [];
      const pid = daemonNamed(daemons, one.daemon)?.process?.pid ?? null;
      return [
        heldUpFinding(one, pid, {
          id: 'snapshot-gc-lock',
          title: `${one.daemon} removes snapshots and holds their lock: ${countOf(waiting, 'call')} wait`,
          summary: `The garbage collection of ${one.daemon} holds the lock of a snapshotter while it removes directories or waits for a proxy snapshotter. ${countOf(waiting, 'call')} wait: no pod starts and no image is unpacked. The node stays Ready, because nothing on that path takes the lock.`,
          evidence: [
            countEvidence(one, holders, 'metadata.(*snapshotter).pruneBranch'),
            countEvidence(one, waiting, 'the lock of metadata.(*snapshotter)'),
          ],
          remedies: [
            {
              text: 'See whether the removal goes on: a slow disk with many small files, or a snapshotter service (soci, stargz, nydus) that does not answer. Repair that.',
              command: pid === null ? null : `grep . /proc/${pid}/task/*/wchan | grep -v futex; cat /proc/pressure/io`,
              risk: 'none',
            },
          ],
          references: [
            'https://github.com/containerd/containerd/issues/13798',
            'https://github.com/containerd/containerd/issues/11021',
          ],
        }),
      ];
    }),
});
