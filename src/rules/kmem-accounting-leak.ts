import { formatCount, formatTimes } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { formatPercent } from '../base/percent.ts';
import type { KernelMemoryModel } from '../model/cgroups/kernel-memory.ts';
import type { WayOut } from '../model/cgroups/kernel-memory-remedies.ts';
import { talliesBySign } from '../model/logs/logs.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';

/** MEM_CGROUP_ID_MAX (mm/memcontrol.c). */
const maxGroups = 65_535;
/** So near to it that a day of starts can reach it. */
const fewLeft = maxGroups * 0.1;

const signs = ['cgroup-no-memory', 'memcg-ids-exhausted', 'kmem-cache-failed'];

/** Memory groups of removed containers pile up in the kernel, until it cannot make one more. */
export const kmemAccountingLeak = rule({
  id: 'kmem-accounting-leak',
  needs: ['cgroups'],
  uses: ['logs', 'host'],
  matters: false,
  judge: (given) => {
    const { cgroups, kernelMemory: memory } = given;
    if (memory === null) return [];
    if (memory.verdict === 'failing' || memory.verdict === 'leaking') return [leak(memory, given)];
    // On a kernel that takes groups back only those that are there count: dying ones have given their id back (Linux 4.8).
    const used = memory.kernel === 'spared' ? cgroups.memory.visible : memory.countedGroups;
    const few = used !== null && maxGroups - used <= fewLeft;
    return memory.failures.noIds > 0 || few ? [exhausted(memory, used, given)] : [];
  },
});

type Around = Parts<'cgroups' | 'host' | 'logs'>;

function leak(memory: KernelMemoryModel, around: Around): Finding {
  const failing = memory.verdict === 'failing';
  const { leakedGroups, liveContainers } = memory;
  const lost = leakedGroups === null ? 'Memory groups' : `${formatCount(leakedGroups)} memory groups`;
  const live = liveContainers === null ? '' : ` beside ${formatCount(liveContainers)} running`;
  return {
    id: 'kmem-accounting-leak',
    severity: failing ? 'critical' : 'warning',
    confidence: memory.accounting === true && memory.kernel !== 'unknown' ? 'certain' : 'likely',
    title: failing
      ? 'Containers cannot be started: the kernel makes no more memory groups'
      : `The kernel keeps ${lost.toLowerCase()} of removed containers`,
    summary: `${lost} of removed containers are still in the kernel${live}: ${kernelText(around)} accounts kernel memory and cannot take it back${failing ? ', and it refuses to make more' : ''}${failing ? '.' : `.${endText(memory)}`}`,
    since: sinceOf(around),
    evidence: evidenceOf(memory, around),
    subjects: noSubjects,
    ruledOut: failing ? [{ id: 'node-memory', because: memoryText(around) }] : [],
    remedies: [...nowRemedy(failing), ...memory.waysOut.map(remedyOf)],
    references: [
      'https://github.com/opencontainers/runc/issues/1725',
      'https://github.com/kubernetes/kubernetes/issues/61937',
      'https://github.com/docker/for-linux/issues/841',
    ],
  };
}

/** The ids have run out, or soon will, whatever took them. */
function exhausted(memory: KernelMemoryModel, used: number | null, around: Around): Finding {
  const failing = memory.failures.noIds > 0;
  const counts = used === null ? 'all' : `${formatCount(used)} of ${formatCount(maxGroups)}`;
  return {
    id: 'kmem-accounting-leak',
    severity: failing ? 'critical' : 'warning',
    confidence: used !== null && maxGroups - used <= fewLeft ? 'certain' : 'likely',
    title: failing
      ? 'Containers cannot be started: the ids of memory groups are used up'
      : `The ids of memory groups run out: ${counts} are used`,
    summary: failing
      ? `The kernel has ${formatCount(maxGroups)} ids for memory groups and refused to give one (no space left on device); ${counts === 'all' ? 'how many are used is unknown' : `${counts} are used now`}.`
      : `The kernel has ${formatCount(maxGroups)} ids for memory groups, and ${counts} are used: when none is left, no container can be started.`,
    since: sinceOf(around),
    evidence: evidenceOf(memory, around),
    subjects: noSubjects,
    ruledOut:
      memory.kernel === 'spared'
        ? [
            {
              id: 'kmem-accounting',
              because: `kernel ${around.host?.kernel ?? ''} takes groups of removed containers back`,
            },
          ]
        : [],
    remedies: [
      {
        text: 'See which groups exist: whatever creates them does not remove them.',
        command: 'find /sys/fs/cgroup -mindepth 1 -type d -printf "%h\\n" | sort | uniq -c | sort -rn | head',
        risk: 'none',
      },
      ...nowRemedy(failing),
    ],
    references: ['https://github.com/kubernetes/kubernetes/issues/61937'],
  };
}

function evidenceOf(memory: KernelMemoryModel, { cgroups, host, logs }: Around): Evidence[] {
  const kernel = cgroups?.memory ?? null;
  const { accounting } = kernel ?? {};
  const visible = Math.max(kernel?.visible ?? 0, kernel?.elsewhere ?? 0);
  return [
    ...(memory.countedGroups === null
      ? []
      : [
          {
            source: kernel?.elsewhere == null && cgroups?.version === 'v2' ? 'cgroup.stat' : '/proc/cgroups',
            text: `${formatCount(memory.countedGroups)} memory groups counted${visible === 0 ? '' : `, ${formatCount(visible)} there`}`,
          },
        ]),
    ...(accounting == null
      ? []
      : [
          {
            source: `${accounting.path}/memory.kmem.slabinfo`,
            text:
              accounting.slabs === null ? 'not readable' : `${formatCount(accounting.slabs)} slab caches of its own`,
          },
        ]),
    ...(host === null ? [] : [{ source: 'uname -r', text: host.kernel }]),
    ...(kernel?.nokmem === false && memory.kernel !== 'spared'
      ? [{ source: '/proc/cmdline', text: 'no cgroup.memory=nokmem' }]
      : []),
    ...talliesBySign(logs)
      .filter(({ sign }) => signs.includes(sign))
      .map(({ meaning, count }) => ({ source: 'logs', text: `${meaning}: ${formatTimes(count)}` })),
  ];
}

function sinceOf({ logs }: Parts<'logs'>): number | null {
  const firsts = talliesBySign(logs).flatMap(({ sign, firstAt }) => (signs.includes(sign) ? (firstAt ?? []) : []));
  return firsts.length === 0 ? null : Math.min(...firsts);
}

function kernelText({ host }: Parts<'host'>): string {
  return host === null ? 'this kernel' : `kernel ${host.kernel}`;
}

function endText({ headroom, hoursToExhaustion, churnPerHour }: KernelMemoryModel): string {
  if (headroom === null) return '';
  const left = ` ${formatCount(headroom)} more can be made`;
  if (hoursToExhaustion === null || churnPerHour === null) return `${left}.`;
  return `${left}: at ${formatCount(churnPerHour)} containers an hour that is ${formatSeconds(hoursToExhaustion * 3600)}.`;
}

/** ENOMEM of mkdir is taken for a node without memory. */
function memoryText({ host }: Parts<'host'>): string {
  if (host === null || host.memoryBytes === 0) return 'the refusal names a cgroup directory, not memory of processes';
  const percent = formatPercent((host.memoryAvailableBytes / host.memoryBytes) * 100);
  return `${percent} of the node’s memory is available: “cannot allocate memory” is not about that`;
}

function nowRemedy(failing: boolean): Remedy[] {
  return [
    {
      text: `${failing ? 'Now' : 'Before it fails'}: drain the node and reboot it. Only that frees what is lost; dropping caches frees a part at best, restarting dockerd or the kubelet frees nothing.`,
      command: null,
      risk: 'high',
    },
  ];
}

function remedyOf({ id, text, cost, command, possible }: WayOut): Remedy {
  return { text: `${text} Cost: ${cost}`, command: possible ? command : null, risk: id === 'runc' ? 'low' : 'high' };
}
