/** One line of `/proc/PID/net/unix` (proc_pid_net(5), unix(7)). */
export interface UnixSocket {
  /** Null for one without a name. An abstract one begins with `@`. */
  readonly path: string | null;
  readonly listening: boolean;
  readonly connected: boolean;
  /** Users of the kernel's socket: itself twice (descriptor and table), and the peer once while there is one. */
  readonly references: number;
}

/** The flag __SO_ACCEPTCON. */
const acceptsConnections = 0x1_0000;
/** The state SS_CONNECTED. */
const connectedState = '03';

/** The unix sockets of a network namespace, by inode. */
export function parseUnixSockets(text: string): ReadonlyMap<string, UnixSocket> {
  const sockets = new Map<string, UnixSocket>();
  for (const line of text.split('\n')) {
    const [, references, , flags, , state, inode, ...path] = line.trim().split(/\s+/);
    if (references === undefined || flags === undefined || inode === undefined || !/^\d+$/.test(inode)) continue;
    sockets.set(inode, {
      path: path.length === 0 ? null : path.join(' '),
      listening: (Number.parseInt(flags, 16) & acceptsConnections) !== 0,
      connected: state === connectedState,
      references: Number.parseInt(references, 16),
    });
  }
  return sockets;
}

/** The listening sockets of `/proc/PID/net/unix`: inode → path. Sockets that one accepted carry the same path. */
export function parseListeningUnixSockets(text: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const [inode, { path, listening }] of parseUnixSockets(text)) {
    if (listening && path !== null) paths.set(inode, path);
  }
  return paths;
}
