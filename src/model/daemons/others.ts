import type { OtherDaemon } from '../../sample/daemons.ts';

/** `also here: dockerd (pid 812) listens on unix:///run/b.sock; --docker-host unix:///run/b.sock watches it` */
export function otherDaemonText({ name, pid, sockets }: OtherDaemon): string {
  const [first] = sockets;
  if (first === undefined) return `also here: ${name} (pid ${pid}); where it listens is not known`;
  const way = name === 'dockerd' ? `; --docker-host ${first} watches it` : '';
  return `also here: ${name} (pid ${pid}) listens on ${sockets.join(', ')}${way}`;
}
