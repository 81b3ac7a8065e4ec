import fs from 'node:fs';
import { expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { engineNode } from './node.ts';
import { killPending, processesOfContainer } from './proc.ts';
import { cleanEnv, launcher, type Report } from './rtwatch.ts';
import { run } from './run.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';

const node = engineNode();

const without = (names: string): string[] => ['setpriv', `--inh-caps=${names}`, `--bounding-set=${names}`];
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const nobodyWith = (names: string): string[] => [...nobody, `--inh-caps=-all,${names}`, `--ambient-caps=-all,${names}`];
/** A mount of its own (Linux 5.8), so that nobody else loses theirs. */
const ownProc =
  'mount -t proc -o hidepid=invisible proc /proc && exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"';

/** What a report shows of the container that cannot stop, and what else there is to see. */
interface Sight {
  /** The process in D, and the container that it holds. */
  readonly stuck: boolean;
  /** That a filesystem is frozen, and which. */
  readonly cause: boolean;
  /** The container by its name, which only the engine knows. */
  readonly named: boolean;
  /** How many descriptors dockerd has. */
  readonly descriptors: boolean;
  readonly goroutines: boolean;
}

const all: Sight = { stuck: true, cause: true, named: true, descriptors: true, goroutines: true };
const nothing: Sight = { stuck: false, cause: false, named: false, descriptors: false, goroutines: false };

const privileges: readonly (readonly [who: string, command: readonly string[], sight: Sight])[] = [
  ['root', [], all],
  [
    'root without CAP_SYS_ADMIN, CAP_SYSLOG and CAP_DAC_*',
    without('-sys_admin,-syslog,-dac_override,-dac_read_search'),
    all,
  ],
  ['root without CAP_SYS_PTRACE', without('-sys_ptrace'), all],
  ['root without any capability', without('-all'), { ...all, cause: false }],
  ['root of a user namespace', ['unshare', '--user', '--map-root-user'], { ...all, cause: false }],
  [
    'another user with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH',
    nobodyWith('+sys_ptrace,+dac_read_search'),
    { ...all, named: false, goroutines: false },
  ],
  ['another user with these and CAP_DAC_OVERRIDE', nobodyWith('+sys_ptrace,+dac_read_search,+dac_override'), all],
  ['another user', [...nobody, '--inh-caps=-all'], { ...nothing, stuck: true, descriptors: true }],
  ['another user with hidepid=2', ['unshare', '--mount', 'sh', '-c', ownProc, 'sh'], nothing],
];

test('with fewer privileges less is seen, nothing false is said, and what is missing is named', async () => {
  const volume = await FrozenVolume.make(node.scratch);
  const id = await node.engine.run('writer', writeForEver, [`--volume=${volume.path}:/data`]);
  await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
  await volume.freeze();
  const stopping = node.engine.stop('writer', 3000);
  await waitFor('SIGKILL to be delivered to a process in D', () =>
    processesOfContainer(id).find(({ pid, state }) => state === 'D' && killPending(pid)),
  );

  const problems: string[] = [];
  for (const [who, command, sight] of privileges) {
    // On a busy machine an answer can come later than a report waits: what is seen may take another one, what is false may not be said once.
    const look = async (): Promise<boolean> => {
      const { status, stdout, stderr } = await checkAs(command);
      const report = JSON.parse(stdout) as Report;
      problems.push(...falseFindings(report).map((title) => `${who}: ${title}`));
      expect({ stderr, sight: sightOf(report, id), status }).toEqual({
        stderr: '',
        sight,
        status: sight.stuck ? 2 : 3,
      });
      if (sight !== all) expect(JSON.stringify(report)).toContain('run as root');
      return true;
    };
    await waitFor(`what ${who} sees`, look, { timeoutMs: 200_000 });
  }
  expect(problems).toEqual([]);

  volume.thaw();
  await stopping;
}, 900_000);

/** Nothing of the user's own: another user may not read it. */
function checkAs(command: readonly string[]): ReturnType<typeof run> {
  const [program = '', ...words] = [...command, launcher, 'check', '--json', '--docker-host', node.engine.host];
  const none = { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent', XDG_STATE_HOME: '/nonexistent' };
  return run(program, words, { cwd: '/', env: { ...cleanEnv(node.scratch), ...none } });
}

function sightOf({ processes, findings, containers, daemons }: Report, id: string): Sight {
  const dockerd = daemons.find(({ name }) => name === 'dockerd');
  const holds = processes.some(({ containerId, state }) => containerId === id && state === 'D');
  return {
    stuck: holds && findings.some((one) => one.id === 'unkillable-container' && one.subjects.containers.includes(id)),
    cause: findings.some((one) => one.id === 'frozen-filesystem' && one.subjects.containers.includes(id)),
    named: containers.some(({ name }) => name === 'writer'),
    descriptors: dockerd?.fds != null,
    goroutines: dockerd?.goroutines != null,
  };
}

/** Of the daemons, which are well, and of mounts, which are where they belong. Another engine of this machine may end meanwhile. */
function falseFindings({ findings }: Report): string[] {
  const aboutDaemons = ['hanging-start', 'silent-daemon', 'lost-shim', 'leaked-shim', 'leaked-mount', 'fd-exhaustion'];
  return findings.flatMap(({ id, title }) =>
    aboutDaemons.includes(id) && !title.includes('containerd-') ? [`${id}: ${title}`] : [],
  );
}
