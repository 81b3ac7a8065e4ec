import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { waitFor } from '../support/wait-for.ts';
import { mountsBelow, type Process, processes, processesOfContainer, workingDirectoryOf } from './proc.ts';
import { run, toolEnv } from './run.ts';

/** Where a containerd of the tests keeps its tasks, in a test's folder. */
const tasks = 'containerd-state/io.containerd.runtime.v2.task';
/** Names, in a test's folder, the places outside of it that were not there before its daemons made them. */
const madeOutsideFile = 'made-outside.json';

/**
 * Ends and removes all that a test has made, knowing only its folder: thaws, ends the daemons, their shims and
 * containers, unmounts, deletes. Works on the ruins of a test that was killed at any moment, and twice.
 *
 * @throws when something is left that does not go away
 */
export async function clear(folder: string): Promise<void> {
  if (!fs.existsSync(folder)) return;
  // First, whatever comes: a process that waits for a frozen filesystem cannot be ended.
  thawBelow(folder);
  const containers = containersOf(folder);
  const sockets = shimSocketsOf(folder);
  await endProcesses(folder, containers);
  for (const mount of mountsBelow(folder)) {
    const { status } = await run('umount', [mount.path]);
    if (status !== 0) await run('umount', ['--lazy', mount.path]);
  }
  // A delete that went through a mount would empty what is mounted there.
  const left = mountsBelow(folder);
  if (left.length > 0) throw new Error(`still mounted: ${left.map((mount) => mount.path).join(', ')}`);
  for (const place of [...sockets, ...cgroupsOf(containers)]) tryRemove(place);
  const madeOutside = JSON.parse(tryRead(path.join(folder, madeOutsideFile)) ?? '[]') as string[];
  await fs.promises.rm(folder, { recursive: true, force: true });
  for (const made of madeOutside) tryRemove(made);
}

/**
 * Notes for `clear` which places outside of a test's folder are not there yet.
 *
 * @param places where its daemons will write
 * @param parent the control group of its containers
 */
export function rememberOutside(folder: string, places: readonly string[], parent: string): void {
  const root = '/sys/fs/cgroup';
  const groups = ['', ...tryList(root)].map((controller) => path.join(root, controller, parent));
  const absent = [...places, ...groups].filter((place) => !fs.existsSync(place));
  fs.writeFileSync(path.join(folder, madeOutsideFile), JSON.stringify(absent));
}

/** Thaws every loop filesystem that is mounted below a folder. Synchronous, so that a process can do it as it exits. */
export function thawBelow(folder: string): void {
  for (const mount of mountsBelow(folder)) if (mount.device.startsWith('/dev/loop')) thaw(mount.path);
}

/** Thaws one filesystem; not an error when it is not frozen. */
export function thaw(mountPoint: string): void {
  try {
    execFileSync('fsfreeze', ['--unfreeze', mountPoint], { env: toolEnv(), stdio: 'ignore', timeout: 10_000 });
  } catch {
    // It was not frozen.
  }
}

/** The processes that work in a folder: the daemons of a test and their shims. */
export function processesIn(folder: string): Process[] {
  return processes().filter(({ pid }) => {
    const directory = workingDirectoryOf(pid);
    return directory === folder || directory?.startsWith(`${folder}/`);
  });
}

/** The ids of the containers that a dockerd, or the CRI of a containerd, with its files in the folder has made. */
function containersOf(folder: string): string[] {
  const names = [...tryList(path.join(folder, 'docker/containers')), ...tryList(path.join(folder, tasks, 'k8s.io'))];
  return names.filter((name) => /^[0-9a-f]{64}$/.test(name));
}

/** Shims listen in /run/containerd whatever their containerd is told, and leave the socket there when they are killed. */
function shimSocketsOf(folder: string): string[] {
  const bundles = ['moby', 'k8s.io'].flatMap((namespace) => {
    const place = path.join(folder, tasks, namespace);
    return tryList(place).map((id) => path.join(place, id));
  });
  const addresses = bundles.map((bundle) => tryRead(path.join(bundle, 'address')) ?? '');
  return addresses.map((address) => address.replace(/^unix:\/\//, '')).filter((socket) => path.isAbsolute(socket));
}

/** The daemons first, for a dockerd that lives starts things. */
async function endProcesses(folder: string, containers: readonly string[]): Promise<void> {
  const owned = (): Process[] => processesIn(folder).filter(({ pid }) => pid !== process.pid);
  await kill(() => owned().filter(({ comm }) => comm === 'dockerd' || comm === 'containerd'));
  await kill(() => [...owned(), ...containers.flatMap((id) => processesOfContainer(id))]);
}

async function kill(found: () => Process[]): Promise<void> {
  let names = '';
  await waitFor(
    'processes to end',
    () => {
      const running = found().filter(({ state }) => state !== 'Z' && state !== 'X');
      names = running.map(({ pid, comm, state }) => `${pid} ${comm} ${state}`).join(', ');
      for (const { pid } of running) tryKill(pid);
      return running.length === 0;
    },
    { detail: () => names },
  );
}

/** What a container whose shim was killed leaves in the cgroup trees, of version 1 and 2. */
function cgroupsOf(containers: readonly string[]): string[] {
  const root = '/sys/fs/cgroup';
  return ['', ...tryList(root)].flatMap((controller) =>
    containers.flatMap((id) => ['docker', 'k8s.io'].map((parent) => path.join(root, controller, parent, id))),
  );
}

/** An empty directory or a file; whoever else uses it in the meantime keeps it. */
function tryRemove(place: string): void {
  try {
    if (fs.lstatSync(place).isDirectory()) fs.rmdirSync(place);
    else fs.unlinkSync(place);
  } catch {
    // Not there, or in use.
  }
}

/** SIGKILL, also to one that has just ended. */
export function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

function tryList(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return [];
  }
}

function tryRead(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
