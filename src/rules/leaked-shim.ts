import { countOf, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { listOf } from '../base/words.ts';
import type { IdleShim } from '../model/containers/idle-shims.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, rule } from './engine/rule.ts';
import { isOfPods, nameOfBundle } from './shared/shim-words.ts';

/** A shim exits within seconds of the last call that deletes its task (runtime/v2/shim.go). */
const withoutBundleSeconds = 30;
/** The clean-up after an exit is given ten seconds, and repeated after pauses that double. */
const idleSeconds = 120;
/** A list of the engine that is older says nothing of now. */
const freshListMs = 30_000;
const maxNamed = 8;
const maxKilled = 32;

/** A shim that was not ended with its pod or container: nothing runs below it, and no list has it as running. */
export const leakedShim = rule({
  id: 'leaked-shim',
  needs: ['shims'],
  uses: ['containers', 'cri', 'daemons'],
  matters: false,
  judge: (given) => {
    const leaked = (given.idleShims ?? []).filter((one) => isLeaked(one, given));
    return leaked.length === 0 ? [] : [findingOf(leaked, given)];
  },
});

type Around = Parts<'containers' | 'cri' | 'idleShims' | 'shims'>;

/** A shim that is stopped or in D cannot exit, which other rules say. */
function isLeaked({ shim, seconds }: IdleShim, around: Around): boolean {
  if ('TtDZ'.includes(shim.state) || shim.waits.length > 0) return false;
  if (shim.bundleGone === true) return seconds >= withoutBundleSeconds;
  return seconds >= idleSeconds && isEnded(shim, around);
}

/**
 * The runtime that started it answers, and has nothing of it that may run. In other namespaces than those of the CRI and of Docker a
 * task that has exited keeps its shim until someone deletes it (`ctr task rm`, `nerdctl rm`).
 */
function isEnded({ bundleId, runtimeNamespace }: IdleShim['shim'], { containers, cri }: Around): boolean {
  if (bundleId === null) return false;
  if (runtimeNamespace === 'moby') {
    const isFresh = containers?.listAgeMs != null && containers.listAgeMs < freshListMs;
    const listed = containers?.list.find(
      ({ id, from, runtime }) => id === bundleId && from === 'engine' && runtime === null,
    );
    const hasEngine = containers?.list.some(({ from, runtime }) => from === 'engine' && runtime === null) === true;
    return isFresh && hasEngine && (listed === undefined || listed.listState === 'exited');
  }
  if (!isOfPods(runtimeNamespace)) return false;
  const runtimes = (cri?.runtimes ?? []).filter(({ kind }) => kind === 'containerd');
  const answers = runtimes.filter(({ sandboxList }) => sandboxList.status !== 'absent');
  const isKnown = answers.every(({ sandboxList, containerList }) =>
    [sandboxList, containerList].every(({ status }) => status === 'ok'),
  );
  if (answers.length === 0 || !isKnown) return false;
  return answers.every(
    ({ sandboxes, containers: listed }) =>
      !sandboxes.some(({ id, ready }) => id === bundleId && ready) &&
      !listed.some(({ id, sandboxId, state }) => (id === bundleId || sandboxId === bundleId) && state !== 'exited'),
  );
}

function findingOf(leaked: readonly IdleShim[], around: Around): Finding {
  const seconds = Math.max(...leaked.map((one) => one.seconds));
  const names = leaked.map(({ shim }) => nameOfBundle(shim, around));
  const pids = leaked.map(({ shim }) => shim.pid);
  const proven = leaked.some(({ shim }) => shim.bundleGone === true || shim.initGone === true);
  return {
    id: 'leaked-shim',
    severity: 'warning',
    confidence: proven ? 'certain' : 'likely',
    title:
      leaked.length === 1
        ? `the shim of ${names[0]} was left behind (pid ${pids[0]}): nothing runs below it for ${formatSeconds(seconds)}`
        : `${leaked.length} shims were left behind: nothing runs below them for ${formatSeconds(seconds)}`,
    summary: `${plural(leaked.length, 'The shim', 'The shims')} of ${listOf(names, 4)} ${plural(leaked.length, 'has', 'have')} no process below ${plural(leaked.length, 'it', 'them')}, and no runtime lists ${plural(leaked.length, 'its pod or container', 'their pods or containers')} as running. An idle shim takes 15 to 20 MiB of memory and never exits by itself.`,
    since: Math.round((around.at - seconds * 1000) / 1000) * 1000,
    evidence: [
      ...leaked.slice(0, maxNamed).map((one, index) => evidenceOf(one, names[index] ?? '')),
      ...(leaked.length > maxNamed
        ? [{ source: '/proc', text: `${countOf(leaked.length - maxNamed, 'more shim')} of that kind` }]
        : []),
    ],
    subjects: { ...noSubjects, pids },
    ruledOut: [
      { id: 'stopped-shim', because: 'no signal stopped them, and no thread of them is in D' },
      { id: 'lost-shim', because: 'no runtime lists their containers as running' },
    ],
    remedies: [
      {
        text: `See that nothing runs below ${plural(leaked.length, 'it', 'them')}: no line means no child.`,
        command: `cat ${pids
          .slice(0, 4)
          .map((pid) => `/proc/${pid}/task/*/children`)
          .join(' ')}`,
        risk: 'none',
      },
      {
        text: `Kill ${plural(leaked.length, 'it', 'them')}: no container runs below.`,
        command: `kill -KILL ${pids.slice(0, maxKilled).join(' ')}`,
        risk: 'low',
      },
      {
        text: 'Upgrade containerd: an unmount that outlasts the clean-up leaks no shim from 1.6.24 and 1.7.4 on, two handlers of one exit none from 2.0.7, 2.1.5 and 2.2.0 on.',
        command: null,
        risk: 'low',
      },
    ],
    references: [
      'https://github.com/containerd/containerd/issues/7496',
      'https://github.com/containerd/containerd/issues/12344',
    ],
  };
}

function evidenceOf({ shim, seconds }: IdleShim, name: string): Evidence {
  const { pid, bundleGone, initGone, ageSeconds } = shim;
  const why =
    bundleGone === true
      ? 'its bundle directory was removed'
      : initGone === true
        ? 'the process that init.pid of its bundle names is gone'
        : 'no runtime lists it as running';
  return {
    source: bundleGone === true ? `/proc/${pid}/cwd` : `/proc/${pid}`,
    text: `${name} (pid ${pid}), started ${formatSeconds(ageSeconds)} ago: no child for ${formatSeconds(seconds)}, and ${why}`,
  };
}
