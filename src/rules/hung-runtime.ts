import { countOf } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { listOf } from '../base/words.ts';
import { isInFreezer } from '../sample/processes.ts';
import type { RuntimeProcess } from '../sample/runtimes.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { sleepWords } from './shared/sleep-words.ts';

/** A runtime takes a second or two, and some more while thirty containers start at once. */
const longSeconds = 60;
const maxNamed = 8;

/** A runc or crun has run for longer than any of its operations takes, and its caller still waits. */
export const hungRuntime = rule({
  id: 'hung-runtime',
  needs: ['processes'],
  uses: ['containers', 'shims'],
  matters: true,
  judge: (given) => {
    const hung = given.processes.runtimes
      .filter((one) => one.ageSeconds >= longSeconds && !one.attached && !isCreated(one, given))
      .toSorted((a, b) => b.ageSeconds - a.ageSeconds || a.pid - b.pid);
    return hung.length === 0 ? [] : [findingOf(hung, given)];
  },
});

/**
 * The set-up of a container that was created and not started waits for the start, for days if need be: it opens a fifo
 * (libcontainer/standard_init_linux.go), or waits for it in select() (crun, src/libcrun/container.c, container_init). When an engine
 * lists the container, its state counts.
 */
function isCreated(
  { comm, command, containerId, wchan }: RuntimeProcess,
  { containers }: Parts<'containers'>,
): boolean {
  if (command !== 'init') return false;
  const listed = containers?.list.find(({ id, from }) => id === containerId && from === 'engine');
  if (listed !== undefined) return listed.listState === 'created';
  if (comm === 'crun' && /select|poll_schedule/.test(wchan ?? '')) return true;
  return /^(?:wait_for_partner|fifo_open|pipe_wait)$/.test(wchan ?? '');
}

function findingOf(hung: readonly RuntimeProcess[], given: Parts<'containers' | 'shims'>): Finding {
  const [longest] = hung;
  const seconds = longest?.ageSeconds ?? 0;
  const ids = [...new Set(hung.flatMap(({ containerId }) => containerId ?? []))];
  const names = ids.map((id) => nameOf(id, given));
  const whose = names.length === 0 ? '' : ` for ${listOf(names, 3)}`;
  const who = hung.length === 1 && longest !== undefined ? named(longest) : `${hung.length} runtime processes`;
  return {
    id: 'hung-runtime',
    severity: 'critical',
    confidence: 'certain',
    title: `${who} ${hung.length === 1 ? 'has' : 'have'} hung for ${formatSeconds(seconds)}${whose}`,
    summary: `${listOf(
      hung.map((one) => `${named(one)}, ${formatSeconds(one.ageSeconds)} old`),
      4,
    )}: a runtime finishes in seconds. ${names.length === 0 ? 'The process that started it waits' : `Requests for ${listOf(names, 3)} wait`} for it.`,
    since: Math.round((given.at - seconds * 1000) / 1000) * 1000,
    evidence: [
      ...hung.slice(0, maxNamed).map((one) => lineOf(one)),
      ...(hung.length > maxNamed
        ? [
            {
              source: '/proc',
              text: `${countOf(hung.length - maxNamed, 'more process', 'more processes')} of runtimes`,
            },
          ]
        : []),
    ],
    subjects: { ...noSubjects, containers: ids, pids: hung.map(({ pid }) => pid) },
    ruledOut: [],
    remedies: remediesOf(hung),
    references: ['https://github.com/opencontainers/runc/issues/3641'],
  };
}

/** `runc create (pid 5010)`, `runc init (pid 5020)` */
function named({ comm, command, pid }: RuntimeProcess): string {
  const program = comm.replace(/:\[.*$/, '');
  return `${program}${command === null ? '' : ` ${command}`} (pid ${pid})`;
}

/** One that is only being made has no process yet by which a list of the kernel could have it. */
function nameOf(id: string, { containers, shims }: Parts<'containers' | 'shims'>): string {
  const made = shims?.names?.find((one) => one.id === id);
  return (
    containers?.list.find((one) => one.id === id)?.label ??
    (made === undefined ? id.slice(0, 12) : `${made.namespace}/${made.pod}/${made.container ?? '(sandbox)'}`)
  );
}

function lineOf(one: RuntimeProcess): Evidence {
  const { pid, state, ageSeconds, wchan, parentComm, ppid } = one;
  const sleeps = wchan === null ? '' : `, in ${wchan}${sleepWords(wchan)}`;
  return {
    source: `/proc/${pid}/stat`,
    text: `${named(one)}: state ${state}, started ${formatSeconds(ageSeconds)} ago by ${parentComm ?? 'a process that is gone'} (pid ${ppid})${sleeps}`,
  };
}

function remediesOf(hung: readonly RuntimeProcess[]): Remedy[] {
  const stopped = hung.filter(({ state }) => state === 'T');
  const pids = hung.slice(0, 4).map(({ pid }) => pid);
  const frozen = hung.find(isInFreezer);
  const killed = hung.find((one) => !isInFreezer(one));
  return [
    ...(stopped.length === 0
      ? []
      : [
          {
            text: 'Continue the stopped process.',
            command: `kill -CONT ${stopped.map(({ pid }) => pid).join(' ')}`,
            risk: 'low' as const,
          },
        ]),
    ...(frozen === undefined
      ? []
      : [
          {
            text: 'Thaw its cgroup, or the one above it that is frozen: write THAWED to freezer.state. SIGKILL works only then.',
            command: `cat /proc/${frozen.pid}/cgroup`,
            risk: 'low' as const,
          },
        ]),
    {
      text: 'See what it waits for before you kill it: a hook, a FIFO, a frozen cgroup, its own child.',
      command: pids.map((pid) => `grep . /proc/${pid}/wchan /proc/${pid}/task/*/wchan`).join('; '),
      risk: 'none',
    },
    ...(killed === undefined
      ? []
      : [
          {
            text: 'Kill it: the call that waits for it fails, and the container is then removed or started again. SIGKILL does not end a process in D.',
            command: `kill -KILL ${killed.pid}`,
            risk: 'high' as const,
          },
        ]),
    {
      text: 'If it sleeps in ep_poll on kernel 5.4.2xx, update the kernel (runc issue 3641).',
      command: null,
      risk: 'none',
    },
  ];
}
