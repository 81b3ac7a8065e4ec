import { codeOf } from '../../base/system-error.ts';
import { parseListeningUnixSockets } from '../../parse/proc/net-unix.ts';
import type { World } from '../world.ts';

/**
 * The debug socket that a daemon listens on, as a URL: containerd's, wherever its configuration put it
 * (`/run/containerd/debug.sock`, `<exec-root>/containerd/containerd-debug.sock`). Null when it has none.
 */
export function findDebugSocket(world: World, pid: number): string | null {
  // An abstract socket begins with @ and has no path to open.
  const path = listeningSockets(world, pid).find((listening) => /^\/.*debug\.sock$/.test(listening));
  return path === undefined ? null : `unix://${world.host(path)}`;
}

/** Sockets of a daemon that are not its API. */
export function isSideDoor(path: string): boolean {
  return /debug\.sock$|metrics\.sock$|\.ttrpc$|\/libnetwork\/|\/plugins\/|\/swarm\//.test(path);
}

/** The unix sockets that are listened on in the network namespace of a process: inode → path. */
export function listeningInodes(world: World, pid: number): ReadonlyMap<string, string> {
  return parseListeningUnixSockets(world.tryText(world.proc(`${pid}/net/unix`)) ?? '');
}

/** The paths of the unix sockets that a process listens on: its descriptors joined with its network namespace's table. */
export function listeningSockets(world: World, pid: number): string[] {
  const files = world.proc(`${pid}`);
  const table = listeningInodes(world, pid);
  const paths: string[] = [];
  for (const fd of world.tryList(`${files}/fd`) ?? []) {
    const inode = /^socket:\[(\d+)\]$/.exec(world.tryLink(`${files}/fd/${fd}`) ?? '')?.[1];
    const path = inode === undefined ? undefined : table.get(inode);
    if (path !== undefined) paths.push(path);
  }
  return paths;
}

/**
 * Whether this user may not see what the descriptors of a process are: that takes CAP_SYS_PTRACE over it, also where they are listed
 * (proc_pid_fd(5)).
 */
export function hidesDescriptors(world: World, pid: number): boolean {
  const files = world.proc(`${pid}/fd`);
  try {
    const [fd] = world.list(files);
    if (fd !== undefined) world.readLink(`${files}/${fd}`);
    return false;
  } catch (error) {
    return codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM';
  }
}
