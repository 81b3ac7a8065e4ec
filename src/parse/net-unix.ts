/**
 * The listening sockets of `/proc/PID/net/unix`: inode → path (unix(7)). A socket listens when the flag __SO_ACCEPTCON
 * (0x10000) is set; sockets that it accepted carry the same path without the flag.
 */
export function parseListeningUnixSockets(text: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, , , flags, , , inode, ...path] = line.trim().split(/\s+/);
    if (flags === undefined || inode === undefined || path.length === 0) continue;
    if ((Number.parseInt(flags, 16) & 0x1_0000) !== 0) paths.set(inode, path.join(' '));
  }
  return paths;
}
