import { formatBytes } from '../base/bytes.ts';
import { countOf, formatCount } from '../base/counts.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import type { DaemonHome } from '../model/mounts/daemon-namespaces.ts';
import { isHolding } from '../model/processes/processes.ts';
import { initWays } from './engine/engine-commands.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule, type Subjects } from './engine/rule.ts';

/** A daemon with as few descriptors as a login shell: four for each container and connection. */
const lowFdLimit = 4096;
/** A zombie that is about to be reaped is gone before. */
const longSeconds = 10;
const manyZombies = 3;
const maxNamed = 8;

/** Nothing is wrong yet, but a setting makes it likely that something will be. */
export const riskyConfiguration = rule({
  id: 'risky-configuration',
  needs: ['daemons'],
  uses: ['containers', 'processes', 'mounts', 'cgroups', 'host'],
  matters: false,
  judge: (given) => [
    ...given.daemons.flatMap((daemon) =>
      findingOf(daemon.name, daemonRisks(daemon, given), { daemons: [daemon.name] }),
    ),
    ...findingOf('containers', containerRisks(given), {}),
    ...findingOf('the node', nodeRisks(given), {}),
  ],
});

/** One setting, and what it can lead to. */
interface Risk {
  /** A few words for the title. */
  readonly name: string;
  /** A sentence. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly remedy: Remedy;
  readonly references: readonly string[];
  readonly containers?: readonly string[];
}

function findingOf(whose: string, risks: readonly Risk[], subjects: Partial<Subjects>): Finding[] {
  if (risks.length === 0) return [];
  return [
    {
      id: 'risky-configuration',
      severity: 'info',
      confidence: 'certain',
      title: `Settings of ${whose} that can go wrong: ${listOf(risks.map(({ name }) => name))}`,
      summary: risks.map(({ text }) => text).join(' '),
      since: null,
      evidence: risks.flatMap(({ evidence }) => evidence),
      subjects: {
        ...noSubjects,
        containers: [...new Set(risks.flatMap(({ containers }) => containers ?? []))],
        ...subjects,
      },
      ruledOut: [],
      remedies: risks.map(({ remedy }) => remedy),
      references: [...new Set(risks.flatMap(({ references }) => references))],
    },
  ];
}

function daemonRisks(daemon: DaemonModel, { mounts }: Parts<'mounts'>): Risk[] {
  const home = mounts?.homes.find(({ name }) => name === daemon.name);
  return [...splitRisk(home), ...fdRisk(daemon)];
}

/** With containers beside it, or left behind, split-mount-namespace reports it. */
function splitRisk(home: DaemonHome | undefined): Risk[] {
  if (home === undefined || home.left.length > 0 || home.beside > 0) return [];
  const { name, unit, unitSetting } = home;
  if (unit === null || unitSetting === null || home.outlived !== true) return [];
  const keeps = name === 'dockerd' ? 'live-restore' : 'KillMode=process';
  return [
    {
      name: `${unitSetting} with ${keeps}`,
      text: `${unitSetting} gives ${name} a new mount namespace at each start, and ${keeps} lets containers live on in the old one, whose mounts it then cannot remove.`,
      evidence: [{ source: unit.files.join(', '), text: `${unit.unit}: ${unitSetting}; ${keeps} is on` }],
      remedy: {
        text: `Take ${unitSetting} out of ${unit.unit}, or turn ${keeps} off: not both. Now is the time, no container runs.`,
        command: `systemctl edit ${quote(unit.unit)}`,
        risk: 'low',
      },
      references: ['https://github.com/moby/moby/issues/35873'],
    },
  ];
}

function fdRisk({ name, process }: DaemonModel): Risk[] {
  const limit = process?.fdLimit ?? null;
  if (process === null || limit === null || limit > lowFdLimit) return [];
  return [
    {
      name: `${formatCount(limit)} file descriptors`,
      text: `${name} may open ${formatCount(limit)} files: some hundred containers and connections use them up.`,
      evidence: [{ source: `/proc/${process.pid}/limits`, text: `Max open files ${formatCount(limit)}` }],
      remedy: {
        text: 'Give it more at once with the command, and for good with LimitNOFILE=1048576 in its unit.',
        command: `prlimit --pid ${process.pid} --nofile=1048576:1048576`,
        risk: 'low',
      },
      references: ['https://man7.org/linux/man-pages/man5/systemd.exec.5.html'],
    },
  ];
}

function containerRisks(given: Parts<'daemons' | 'processes' | 'containers' | 'containerSettings'>): Risk[] {
  return [...logRisk(given), ...initRisk(given)];
}

function logRisk(given: Parts<'containers' | 'containerSettings' | 'daemons'>): Risk[] {
  const { containerSettings, daemons } = given;
  const endless = (containerSettings ?? []).filter(({ logRotated }) => logRotated === false);
  if (endless.length === 0) return [];
  const engine = daemons?.find(({ isEngine }) => isEngine);
  const driver = engine?.settings?.loggingDriver ?? null;
  const one = endless.length === 1;
  const standard = driver === 'json-file' ? ' json-file is the engine’s default here: new containers get it too.' : '';
  return [
    {
      name: 'container logs are not rotated',
      text: `The ${one ? 'log' : 'logs'} of ${listOf(
        endless.map(({ label }) => label),
        maxNamed,
      )} (json-file) ${one ? 'grows' : 'grow'} until the disk is full: max-size is not set.${standard}${inspectedText(given)}`,
      evidence: [
        ...endless.slice(0, maxNamed).map(({ id, label }) => ({
          source: `GET /containers/${id.slice(0, 12)}/json`,
          text: `${label}: json-file without max-size${sizeText(given, id)}`,
        })),
        ...(driver ? [{ source: 'GET /info', text: `LoggingDriver ${driver}` }] : []),
      ],
      remedy: {
        text: logRemedy(engine),
        command: null,
        risk: 'low',
      },
      references: ['https://docs.docker.com/engine/logging/drivers/json-file/'],
      containers: endless.map(({ id }) => id),
    },
  ];
}

/** An engine has the name dockerd until it says what it is. */
function logRemedy(engine: DaemonModel | undefined): string {
  const docker =
    'Set "log-opts": {"max-size": "50m", "max-file": "3"} in daemon.json, or use the driver local; containers that are made after the restart of dockerd have it.';
  if (engine?.kind === 'podman') return `Set ${podmanSetting}; new containers have it.`;
  if (engine === undefined || engine.version === null)
    return `Docker: ${docker} Podman: set ${podmanSetting}; new containers have it.`;
  if (engine.name === 'dockerd') return docker;
  return `Set a maximum log size in the configuration of ${engine.name}; new containers have it.`;
}

const podmanSetting = 'log_size_max in containers.conf';

/** `, 1.2 GiB now` */
function sizeText({ containers }: Parts<'containers'>, id: string): string {
  const bytes = containers?.list.find((container) => container.id === id)?.log?.bytes ?? null;
  return bytes === null ? '' : `, ${formatBytes(bytes)} now`;
}

/** Inspects take turns: until all were inspected the list is incomplete. */
function inspectedText({ containers, containerSettings }: Parts<'containers' | 'containerSettings'>): string {
  const all = containers?.list.filter(({ from }) => from === 'engine').length ?? 0;
  const inspected = containerSettings?.length ?? 0;
  return inspected >= all ? '' : ` So far ${inspected} of ${all} containers are inspected.`;
}

/** Many of them are reported by unreaped-zombie. */
function initRisk({
  processes,
  containerSettings,
  containers,
}: Parts<'processes' | 'containerSettings' | 'containers'>): Risk[] {
  const left = (processes?.list ?? []).filter(
    (process) =>
      process.zombie?.parentIsInit === true &&
      !isHolding(process) &&
      process.containerId !== null &&
      process.seconds >= longSeconds,
  );
  const few = [...Map.groupBy(left, ({ containerId }) => containerId ?? '')].filter(([id, zombies]) => {
    const hasInit = containerSettings?.find((settings) => settings.id === id)?.init === true;
    return !hasInit && zombies.length < manyZombies;
  });
  if (few.length === 0) return [];
  const nameOf = (id: string): string => containers?.list.find((one) => one.id === id)?.label ?? id.slice(0, 12);
  return [
    {
      name: 'no init that reaps',
      text: `The first process of ${listOf(few.map(([id]) => nameOf(id)))} does not reap orphans: zombies will pile up.`,
      evidence: few.slice(0, maxNamed).flatMap(([id, zombies]) =>
        zombies.map(({ pid, comm, ppid }) => ({
          source: `/proc/${pid}/stat`,
          text: `${comm} in ${nameOf(id)}: state Z, its parent ${ppid} is the first process of the container`,
        })),
      ),
      remedy: {
        text: `Run it with an init that reaps (${initWays}).`,
        command: null,
        risk: 'low',
      },
      references: ['https://docs.docker.com/reference/cli/docker/container/run/#init'],
      containers: few.map(([id]) => id),
    },
  ];
}

function nodeRisks({ kernelMemory, host, cgroups }: Parts<'kernelMemory' | 'host' | 'cgroups'>): Risk[] {
  if (kernelMemory?.verdict !== 'risk') return [];
  const kernel = host?.kernel ?? 'this kernel';
  const [way] = kernelMemory.waysOut;
  const lost = kernelMemory.leakedGroups ?? 0;
  return [
    {
      name: 'kernel memory accounting',
      text: `Kernel ${kernel} accounts kernel memory in containers and cannot take it back: every removed container leaves a memory group behind${lost === 0 ? '' : ` (${countOf(lost, 'group')} so far)`}.`,
      evidence: [
        { source: 'uname -r', text: kernel },
        { source: '/proc/cmdline', text: 'no cgroup.memory=nokmem' },
        ...(cgroups?.memory.accounting == null
          ? []
          : [{ source: `${cgroups.memory.accounting.path}/memory.kmem.slabinfo`, text: 'accounting is on' }]),
      ],
      remedy: {
        text: way === undefined ? 'Use another kernel.' : `${way.text} Cost: ${way.cost}`,
        command: way?.possible === true ? way.command : null,
        risk: 'high',
      },
      references: ['https://github.com/opencontainers/runc/issues/1725'],
    },
  ];
}
