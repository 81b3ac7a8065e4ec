import { formatBytes } from '../base/bytes.ts';
import { plural } from '../base/counts.ts';
import { listOf } from '../base/words.ts';
import { type Finding, noSubjects, rule } from './engine/rule.ts';
import { nameOfBundle } from './shared/shim-words.ts';

/** An idle shim has 14 to 21 MiB; each exec adds some for as long as it runs. */
const largeBytes = 512 * 1024 ** 2;
const maxNamed = 8;

/** The shim of runc keeps memory for what is long over, or its goroutines wait for one another. */
export const largeShim = rule({
  id: 'large-shim',
  needs: ['shims'],
  uses: ['containers', 'cri'],
  matters: false,
  judge: (given) => {
    const large = given.shims.shims
      .flatMap(({ rssBytes, ...shim }) =>
        rssBytes === undefined || rssBytes < largeBytes ? [] : [{ ...shim, rssBytes }],
      )
      .toSorted((a, b) => b.rssBytes - a.rssBytes || a.pid - b.pid);
    const [first] = large;
    if (first === undefined) return [];
    const names = large.map((shim) => nameOfBundle(shim, given));
    const finding: Finding = {
      id: 'large-shim',
      severity: 'warning',
      confidence: 'certain',
      title:
        large.length === 1
          ? `the shim of ${names[0]} (pid ${first.pid}) uses ${formatBytes(first.rssBytes)} of memory`
          : `${large.length} shims use up to ${formatBytes(first.rssBytes)} of memory each`,
      summary: `${plural(large.length, 'The shim', 'The shims')} of ${listOf(names, 4)} ${plural(large.length, 'uses', 'use')} many times the 20 MiB of an idle shim. Exec probes that never end, or goroutines that wait for one another, are the known causes. The pod’s calls may time out, and its memory limit does not count a shim.`,
      since: null,
      evidence: large.slice(0, maxNamed).map(({ pid, rssBytes }, index) => ({
        source: `/proc/${pid}/status`,
        text: `${names[index]} (pid ${pid}): ${formatBytes(rssBytes)} resident`,
      })),
      subjects: {
        ...noSubjects,
        containers: [...new Set(large.flatMap(({ containers }) => containers.map(({ containerId }) => containerId)))],
        pids: large.map(({ pid }) => pid),
      },
      ruledOut: [],
      remedies: [
        {
          text: 'Make it log its goroutines through containerd. SIGUSR1 does not stop it.',
          command: `kill -USR1 ${first.pid}`,
          risk: 'low',
        },
        {
          text: 'Delete the pod, or restart the container: its shim goes with it. Fix the exec probe that leaves processes behind.',
          command: null,
          risk: 'high',
        },
      ],
      references: [
        'https://github.com/containerd/containerd/issues/9217',
        'https://github.com/containerd/containerd/issues/13416',
      ],
    };
    return [finding];
  },
});
