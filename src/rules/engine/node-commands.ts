import type { Model } from '../../model/model.ts';
import { type EngineParts, onThisEngine, withInitWays, withSocket } from './engine-commands.ts';
import type { Finding, Remedy } from './rule.ts';

/** What this node has instead of a command; null where it has nothing. */
type Instead = (command: string) => string | null;

/** The rules name the commands of a node with systemd and Docker. Others have them under another name, or not at all. */
export function onThisNode(finding: Finding, node: EngineParts & Pick<Model, 'host'>): Finding {
  const instead = nodes.find(([name]) => name.test(node.host?.distribution ?? ''))?.[1] ?? null;
  const [id = null] = finding.subjects.containers;
  return { ...finding, remedies: finding.remedies.map((remedy) => adapted(remedy, id, node, instead)) };
}

function adapted(remedy: Remedy, id: string | null, node: EngineParts, instead: Instead | null): Remedy {
  const text = withSocket(withInitWays(remedy.text, id, node), node);
  const wanted = remedy.command === null ? null : onThisEngine(remedy.command, id, node);
  const isOther = wanted !== null && /\b(?:systemctl|journalctl|crictl|ctr|nerdctl)\b/.test(wanted);
  const command = isOther && instead !== null ? instead(wanted) : wanted;
  return { ...remedy, text, command: command === null ? null : withSocket(command, node) };
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
