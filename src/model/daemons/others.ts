import type { OtherDaemon } from '../../sample/daemons.ts';

/** `also here: dockerd (pid 812), to watch it: --docker-host unix:///run/b.sock` */
export function otherDaemonText({ name, pid, sockets }: OtherDaemon): string {
  const [first, ...more] = sockets;
  const daemon = `also here: ${name} (pid ${pid})`;
  if (first === undefined) return `${daemon}; where it listens is not known`;
  if (name !== 'dockerd') return `${daemon} listens on ${sockets.join(', ')}`;
  return `${daemon}, to watch it: --docker-host ${first}${more.length === 0 ? '' : ` (or ${more.join(', ')})`}`;
}
