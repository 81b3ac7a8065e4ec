import type { HostValue } from '../../sample/host.ts';
import type { Finding, Remedy } from './rule.ts';

/** What this node has instead of a command; null where it has nothing. */
type Instead = (command: string) => string | null;

/** The rules name the commands of a node with systemd. Others have them under another name, or not at all. */
export function onThisNode(finding: Finding, host: HostValue | null): Finding {
  const instead = nodes.find(([name]) => name.test(host?.distribution ?? ''))?.[1];
  if (instead === undefined) return finding;
  return { ...finding, remedies: finding.remedies.map((remedy) => adapted(remedy, instead)) };
}

function adapted(remedy: Remedy, instead: Instead): Remedy {
  const { command } = remedy;
  return command === null || !/\b(?:systemctl|journalctl|crictl)\b/.test(command)
    ? remedy
    : { ...remedy, command: instead(command) };
}

const service = /^systemctl (start|restart|reload) ([\w.@-]+)$/;

const nodes: readonly (readonly [RegExp, Instead])[] = [
  // Services are managed over the API; the kubelet is the one that may be restarted there.
  [
    /^Talos\b/,
    (command) => {
      const [, action, name] = service.exec(command) ?? [];
      if (name === 'kubelet' && action !== 'reload') return `talosctl service kubelet ${action}`;
      const log = /^journalctl -u (kubelet)\b/.exec(command)?.[1];
      return log === undefined ? null : `talosctl logs ${log}`;
    },
  ],
  // OpenRC.
  [
    /^Alpine\b/,
    (command) => {
      if (!/\b(?:systemctl|journalctl)\b/.test(command)) return command;
      const [, action, name] = service.exec(command) ?? [];
      return name === undefined ? null : `rc-service ${name} ${action}`;
    },
  ],
];
