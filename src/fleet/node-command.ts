import type { FleetNode } from './nodes.ts';

/** A command of the reader's with a node in it, or why there is none. */
type NodeCommand = { readonly command: string } | { readonly trouble: string };

/**
 * What `Enter` runs unless the settings say otherwise. ssh itself notices after 45 seconds that a node is gone: the screen that it feeds may
 * have been killed, and of a dead node no byte comes that would end it.
 */
export const defaultOpen = 'ssh -o ConnectTimeout=10 -o ServerAliveInterval=15 {node} rtwatch sample | rtwatch watch -';

/**
 * Names of hosts and clusters. They come from another system and go into a command for a shell, perhaps between quotes of its author's:
 * so a name with any other character is refused. One that begins with a hyphen would be an option of ssh.
 */
const harmless = /^[A-Za-z0-9_][\w.:@%+-]*$/;

/** Puts `{node}`, `{instance}` (with its port) and `{cluster}` into a command for a shell. */
export function nodeCommand(
  template: string,
  { instance, cluster }: Pick<FleetNode, 'instance' | 'cluster'>,
): NodeCommand {
  return commandWith(template, { node: hostOf(instance), instance, cluster: cluster ?? '' });
}

/** Puts names into a command for a shell, each at its own place: `{node}`. */
export function commandWith(template: string, names: Readonly<Record<string, string>>): NodeCommand {
  const wanted = new Set([...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name));
  for (const [name, value] of Object.entries(names)) {
    if (!wanted.has(name) || harmless.test(value)) continue;
    return {
      trouble: value === '' ? `the node has no label ${name}` : `its ${name} is no name that a command may have`,
    };
  }
  return { command: template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole) };
}

/** `node-1` of `node-1:9753`, `::1` of `[::1]:9753`; a bare IPv6 address keeps all. */
export function hostOf(instance: string): string {
  const bracketed = /^\[(.+)\](?::\d+)?$/.exec(instance)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^[^:]+:\d+$/.test(instance) ? instance.replace(/:\d+$/, '') : instance;
}
