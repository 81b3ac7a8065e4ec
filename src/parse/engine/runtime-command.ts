/** The command line of an OCI runtime. */
interface RuntimeCommand {
  readonly command: string | null;
  /** It runs as long as what it started. */
  readonly attached: boolean;
  /** 64 hexadecimal digits. */
  readonly containerId: string | null;
}

const commands: ReadonlySet<string> = new Set([
  ...[
    'create',
    'start',
    'run',
    'exec',
    'kill',
    'delete',
    'state',
    'pause',
    'resume',
    'update',
    'checkpoint',
    'restore',
  ],
  ...['events', 'list', 'init', 'spec', 'features'],
]);

/** Commands that last: a container in the foreground, a stream of figures, a dump of its memory. */
const lasting: ReadonlySet<string> = new Set(['run', 'events', 'checkpoint', 'restore']);

/**
 * Whether a name may be a runtime's, or that of its set-up of a container. comm is cut to 15 characters:
 * `runc:[2:INIT]` is `runc init` in the container's namespaces, `libnetwork-setkey` a hook of Docker's.
 */
export function isRuntime(comm: string): boolean {
  return /^(?:docker-)?runc$|^runc:\[|^docker-runc|^crun$|^libnetwork-setk/.test(comm);
}

/** Reads the command line of a runtime (`/proc/PID/cmdline`, words that end in a zero byte), as containerd writes it. */
export function parseRuntimeCommand(cmdline: string): RuntimeCommand {
  const words = cmdline.split('\0').filter((word) => word !== '');
  const at = words.findIndex((word, index) => index > 0 && commands.has(word));
  const command = at < 0 ? null : (words[at] ?? null);
  const detached = words.some((word) => word === '--detach' || word === '-d');
  const ids = words.flatMap((word) => [...word.matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)].map(([id]) => id));
  return {
    command,
    attached: command !== null && (lasting.has(command) || (command === 'exec' && !detached)),
    containerId: ids.at(-1) ?? null,
  };
}
