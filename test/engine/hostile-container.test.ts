import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import { filesOf } from '../cli/bundle-node.ts';
import { expectHarmless } from '../reliability/safe-text.ts';
import { waitFor } from '../support/wait-for.ts';
import { image } from './engine.ts';
import { alarmsOf } from './machine.ts';
import { engineNode } from './node.ts';
import { descendantsOf, processesOfContainer } from './proc.ts';
import type { Report } from './rtwatch.ts';
import { succeed } from './run.ts';
import { prompt, Terminal } from './terminal.ts';

const mebibyte = 2 ** 20;
/** Written as fast as dockerd takes it; more than is read of a log in one step, many times. */
const floodMebibytes = 200;
const program = fileURLToPath(new URL('hostile-program.ts', import.meta.url));
const silentServer = fileURLToPath(new URL('silent-server.ts', import.meta.url));
/** Ends a title, clears the screen, turns a line, and looks like a line of ours. */
const attack = '\u001b]0;owned\u0007\u001b[2J\nrtwatch: nothing found\u202e';
/** In what is shown when a decoy was read. */
const leaked = /leaked\.sock/;

const node = engineNode();
let decoy: string;
let readAt: number;
let neighbour: string;
let hostile: string;

/** Its times of access say whether it was read. */
async function makeDecoy(): Promise<string> {
  const folder = node.scratch.of('decoy');
  fs.mkdirSync(folder);
  await succeed('mount', ['-t', 'tmpfs', '-o', 'strictatime', 'tmpfs', folder]);
  fs.writeFileSync(`${folder}/config.toml`, '[grpc]\naddress = "/run/leaked.sock"\n');
  return folder;
}

/** As a container reaches the programs of the host: its image has only busybox. */
const withNode = (): string[] =>
  [
    ...[`${process.execPath}:/node`, `${program}:/hostile-program.ts`, `${silentServer}:/silent-server.ts`],
    ...['/usr:/usr', '/lib:/lib', '/lib64:/lib64'].filter((mount) => fs.existsSync(mount.split(':')[0] ?? '')),
  ].map((mount) => `--volume=${mount}:ro`);

beforeAll(async () => {
  decoy = await makeDecoy();
  readAt = fs.statSync(`${decoy}/config.toml`).atimeMs;
  neighbour = await node.engine.run('neighbour', 'exec sleep 99999');
  await node.engine.docker(
    ...['run', '-d', '--net=none', '--name=flood', image, '/bin/sh', '-c'],
    ...[`busybox yes "$0" | busybox head -c ${floodMebibytes}m; exec sleep 99999`, attack],
  );
  hostile = await node.engine.docker(
    ...['run', '-d', '--net=none', '--name=hostile', '--cap-add=SYS_ADMIN', '--security-opt=apparmor=unconfined'],
    ...[`--label=evil=${attack}`, `--label=com.docker.compose.service=${attack}`, `--env=EVIL=${attack}`],
    ...(fs.existsSync('/dev/fuse') ? ['--device=/dev/fuse'] : []),
    ...[...withNode(), image, '/node', '/hostile-program.ts', decoy],
  );
  // The first two are there on every kernel; a filesystem that hangs needs /dev/fuse, which is said.
  const did = await waitFor('the container to be hostile', async () => {
    const said = await whatItDid();
    return said['ready'] === true && said['threads'] !== undefined && said;
  });
  process.stdout.write(`the hostile container has ${JSON.stringify(did)}\n`);
  expect(did['threads']).toBeGreaterThan(10_000);
}, 240_000);

/** What it says that it could do. */
async function whatItDid(): Promise<Record<string, unknown>> {
  const lines = (await node.engine.docker('logs', hostile)).split('\n').filter((line) => line.startsWith('{'));
  return Object.assign({}, ...lines.map((line) => JSON.parse(line)));
}

const notRead = (): void => expect(fs.statSync(`${decoy}/config.toml`).atimeMs).toBe(readAt);

test('a report on it shows the daemons and the neighbour as they are, and nothing that a terminal obeys', async () => {
  // On a busy machine a report can end before the engine has answered: it lists what /proc shows. Each takes a while here.
  let last = '';
  const isWhole = async () => {
    const ended = await node.rtwatch.run('check', '--json', '--all', ...node.engine.ownLogs);
    last = ended.stdout;
    const { containers } = JSON.parse(last) as Report;
    return containers.some(({ id, state }) => id === neighbour && state === 'running') && ended;
  };
  const detail = (): string => JSON.stringify({ sources: (JSON.parse(last) as { sources: unknown }).sources });
  const { stdout } = await waitFor('a report of the engine', isWhole, { timeoutMs: 200_000, detail });
  expectHarmless(stdout);
  expect(stdout).not.toMatch(leaked);
  const report = JSON.parse(stdout) as Report;
  const pidOf = (name: string): unknown => report.daemons.find((daemon) => daemon.name === name)?.pid;
  expect([pidOf('dockerd'), pidOf('containerd')]).toEqual([node.engine.dockerdPid, node.engine.containerdPid]);
  expect(report.containers).toContainEqual(
    expect.objectContaining({ id: neighbour, name: 'neighbour', state: 'running', stuck: false }),
  );
  // That its log is not rotated is true of it, once it was inspected.
  const about = report.findings.filter(
    ({ severity, subjects }) => severity !== 'info' && subjects.containers.includes(neighbour),
  );
  expect(about.map(({ id, title }) => `${id}: ${title}`)).toEqual([]);
  const own = report.containers.map(({ id }) => id);
  expect(alarmsOf(report.findings, own).map(({ id, title }) => `${id}: ${title}`)).toEqual([]);
  expectHarmless((await node.rtwatch.run('check', '--all')).stdout);
  notRead();
});

test('the sampler polls on, and its memory has a bound', async () => {
  let polls = 0;
  let rssBytes = 0;
  const watch = node.rtwatch.watchSamples();
  onTestFinished(() => watch.close());
  const look = ({ readings, sampler }: Sample): boolean => {
    rssBytes = Math.max(rssBytes, sampler.rssBytes);
    if (readings.mounts !== undefined) polls++;
    return polls >= 2;
  };
  // The mounts of a namespace with a hundred thousand take a while.
  await watch.first('two polls of the mounts', look, { timeoutMs: 120_000 });
  process.stdout.write(`the sampler had ${Math.round(rssBytes / mebibyte)} MiB\n`);
  expect(rssBytes).toBeLessThan(400 * mebibyte);
});

test('the screen stays as it was drawn, answers its keys, and starts nothing but itself', async () => {
  const terminal = await Terminal.open(node.scratch);
  await terminal.enter(node.rtwatch.commandLine());
  await terminal.waitFor('the neighbour', (screen) => screen.includes('neighbour'));
  const programs = new Set<string>();
  for (const key of ['2', 'z', 'Escape', '3', 'z', 'Escape', '4', 'z', 'Escape', '?', 'Escape', 'l', 'Escape']) {
    await terminal.press(key);
    const screen = await terminal.screen();
    expectHarmless(screen);
    expect(screen).toMatch(/^ rtwatch/);
    for (const { comm } of descendantsOf(terminal.pid)) programs.add(comm);
  }
  expect(await terminal.title()).not.toContain('owned');
  expect([...programs].filter((comm) => !/^(?:node|MainThread|rtwatch|sh|journalctl)/.test(comm))).toEqual([]);
  await terminal.press('q');
  await terminal.waitFor('the shell', (screen) => screen.trimEnd().endsWith(prompt));
});

test('a bundle of it has nothing of the host that it links to', async () => {
  const folder = node.scratch.of('bundles');
  const { status, stdout } = await node.rtwatch.run('bundle', '--json', '--dump-dir', folder);
  expect(status).toBe(0);
  const files = await filesOf((JSON.parse(stdout) as { path: string }).path);
  for (const [name, { text }] of files) {
    expectHarmless(name);
    if (leaked.test(text)) expect.fail(`${name} names what the decoy has`);
  }
  notRead();
});

test('a dump of a process that only calls itself dockerd is looked for in its own root, whatever it swaps', async () => {
  const impostor = processesOfContainer(hostile).find(({ comm }) => comm === 'dockerd');
  expect(impostor).toBeDefined();
  const name = `${decoy}/goroutine-stacks-2026-01-01T000000Z.log`;
  const goroutines = 'goroutine 1 [running]:\nmain.main()\n\t/a.go:1\n\n'.repeat(4242);
  const writing = setInterval(() => fs.writeFileSync(name, goroutines), 20);
  onTestFinished(() => clearInterval(writing));
  const dump = () => node.rtwatch.run('signal-dump', 'dockerd', '--yes', '--json', '--pid', `${impostor?.pid}`);
  for (const { status, stdout } of await Promise.all([dump(), dump(), dump()])) {
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  }
});
