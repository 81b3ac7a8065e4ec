import { listOf } from '../base/words.ts';
import { rule } from './engine/rule.ts';
import { runtimeOf } from './shared/daemons-of-logs.ts';
import { heldCreates } from './shared/held-creates.ts';
import { has, hasStopped, logFinding, namesIn, recentMs, troubleIn } from './shared/log-trouble.ts';

/** The kubelet tries a container again after five minutes at most. */
const nextTryMs = 330_000;

/** A create fails because an earlier one with the same name hangs. */
export const nameReserved = rule({
  id: 'name-reserved',
  needs: ['logs'],
  uses: ['daemons', 'cri', 'stacks', 'processes'],
  matters: false,
  judge: (given) => {
    const { logs, at } = given;
    const trouble = troubleIn(logs, ['name-reserved', 'creation-unfinished']);
    if (trouble === null) return [];
    const stages = trouble.tallies.flatMap(({ sign, about }) => (sign === 'creation-unfinished' ? (about ?? []) : []));
    const names = trouble.about.filter((name) => !stages.includes(name));
    const kinds = [...new Set(stages)];
    const causes = [...new Set(kinds.map(causeOfStage).filter((cause) => cause !== null))];
    const stage =
      kinds.length === 0
        ? ''
        : ` CRI-O says at which stage it is: ${namesIn(kinds)}.${causes.length === 0 ? '' : ` That points to ${listOf(causes)}.`}`;
    // A log from elsewhere says nothing of what waits here now.
    const isNow = trouble.lastAt !== null && at - trouble.lastAt <= recentMs;
    const held = isNow ? heldCreates(given) : [];
    const seen = held.length === 0 ? '' : ` Probable cause: ${listOf(held.map(({ cause }) => cause))}.`;
    const runtimes = runtimeOf(trouble, given);
    const finding = logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
      id: 'name-reserved',
      severity: 'warning',
      title: `Creating a container does not finish: its name is reserved${names.length === 0 ? '' : ` (${namesIn(names, 1)})`}`,
      past: 'Creating a container did not finish, and its name was reserved',
      summary: `An earlier create with the same name still runs, so each retry fails.${stage}${seen} The failing retries are a symptom; the first create is the cause.`,
      confidence: has(trouble, 'creation-unfinished') ? 'certain' : 'likely',
      remedies: [
        ...held.map(({ remedy }) => remedy),
        {
          text: 'Find the create that still runs: a write to the metadata database, stat() on a dead mount, or a CNI plugin.',
          command: 'rtwatch goroutines containerd',
          risk: 'none',
        },
        { text: 'Look for processes in D and a slow disk.', command: 'rtwatch', risk: 'none' },
      ],
      subjects: {
        daemons: [...new Set([...runtimes, ...held.flatMap((one) => one.daemons)])],
        pids: [...new Set(held.flatMap((one) => one.pids))],
      },
      references: ['https://github.com/containerd/containerd/issues/4604'],
    });
    return [{ ...finding, evidence: [...finding.evidence, ...held.map(({ evidence }) => evidence)] }];
  },
});

/** What each stage of a create does in CRI-O (internal/resourcestore, server/container_create.go). */
const stages: readonly (readonly [RegExp, string])[] = [
  [/storage (?:creation|start)/, 'a slow or stuck disk below /var/lib/containers'],
  [/volume configuration/, 'a volume with very many files that are relabelled, or a dead mount'],
  [/(?:container|sandbox) (?:runtime )?creation|runtime creation/, 'runc, crun or conmon'],
  [/sandbox network/, 'a CNI plugin'],
];

const causeOfStage = (stage: string): string | null => stages.find(([pattern]) => pattern.test(stage))?.[1] ?? null;
