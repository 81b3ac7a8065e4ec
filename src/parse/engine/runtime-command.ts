/** The command line of an OCI runtime. */
interface RuntimeCommand {
  readonly command: string | null;
  /** It runs as long as what it started. */
  readonly attached: boolean;
  /** 64 hexadecimal digits. */
  readonly containerId: string | null;
  readonly isCrun: boolean;
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
 * `runc:[2:INIT]` is `runc init` in the container's namespaces, `libnetwork-setkey` a hook of Docker's. `youki:[2:INIT]` is none:
 * shims of WebAssembly run their workload under that name (runwasi).
 */
export function isRuntime(comm: string): boolean {
  return /^(?:docker-)?runc$|^runc:\[|^docker-runc|^crun$|^youki$|^youki:\[1:|^libnetwork-setk/.test(comm);
}

/**
 * Whether a name is what the kernel gives to a crun: it executes a copy of itself from a descriptor (its src/libcrun/cloned_binary.c),
 * and is named by the number of that, since Linux 6.14 by the memfd. Others may be called so: the command line decides.
 */
export function mayBeCrun(comm: string): boolean {
  return /^\d{1,3}$|^memfd:crun_/.test(comm);
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
    isCrun: /(?:^|\/)crun$/.test(words[0] ?? ''),
  };
}
