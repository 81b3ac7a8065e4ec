import { quote } from '../base/shell-word.ts';

/** A file that is copied to each node and run there in the place of its own `rtwatch`. */
export interface CopiedProgram {
  readonly file: string;
  readonly bytes: number;
  /** What `uname -m` must say; null for a script. */
  readonly machine: Machine | null;
}

type Machine = 'x86_64' | 'aarch64';

/** Other names of the same machine. */
const namesOf: Readonly<Record<Machine, string>> = { x86_64: 'x86_64|amd64', aarch64: 'aarch64|arm64' };

/** `e_machine` of ELF (elf.h). */
const machines: ReadonlyMap<number, Machine> = new Map([
  [62, 'x86_64'],
  [183, 'aarch64'],
]);

/**
 * For which machine a file is, from its first 20 bytes.
 *
 * @returns null for a script; undefined for what no node runs
 */
export function machineOf(header: Buffer): Machine | null | undefined {
  if (header.subarray(0, 2).toString('latin1') === '#!') return null;
  const isElf = header.length >= 20 && header.subarray(0, 4).toString('latin1') === '\u007fELF';
  return isElf ? machines.get(header.readUInt16LE(18)) : undefined;
}

/** The command at the end of a template, which the copy takes the place of. */
const ofRtwatch = /^(.*\s)rtwatch(\ssample\b[^'"\\|&;<>]*)$/s;

/**
 * The template with the copy in the place of `rtwatch sample`; the file is its standard input. Null for a template of another form.
 *
 * @param template a command of ssh: a shell on the node reads the script once more
 */
export function copyingTemplate(template: string, program: CopiedProgram): string | null {
  const [, before, args = ''] = ofRtwatch.exec(template) ?? [];
  if (before === undefined) return null;
  return `${before}${quote(`/bin/sh -c ${quote(farScript(program, args.trim()))}`)}`;
}

/**
 * What runs on the node. The copy has no name any more when it starts: nothing is left, however the connection, or the node, ends.
 * While it is copied, a lost connection is the end of standard input, and so the end of the shell, which removes the folder.
 */
function farScript({ bytes, machine }: CopiedProgram, args: string): string {
  const wrong = `fail "the file is for ${machine ?? ''}, and the node is $m. Name one for $m with --copy-file"`;
  return [
    'fail() { echo "rtwatch: $*" >&2; exit 1; }',
    ...(machine === null ? [] : ['m=$(uname -m)', `case "$m" in ${namesOf[machine]}) ;; *) ${wrong} ;; esac`]),
    'umask 077; d=',
    'clean() { if [ -n "$d" ]; then rm -rf "$d"; d=; fi; }',
    'trap clean EXIT; trap "exit 1" HUP INT TERM PIPE',
    // A folder from which a program may run (mount option noexec): a try costs less than the copy.
    `for t in "\${TMPDIR:-/tmp}" /tmp /var/tmp /dev/shm; do`,
    'd=$(mktemp -d "$t/rtwatch.XXXXXX" 2>/dev/null) || { d=; continue; }',
    'echo "#!/bin/sh" >"$d/try" && chmod 700 "$d/try" && "$d/try" 2>/dev/null && break',
    'clean',
    'done',
    '[ -n "$d" ] || fail "no program can run from TMPDIR, /tmp, /var/tmp or /dev/shm of the node"',
    'cat >"$d/rtwatch" || fail "the copy could not be written to $d"',
    `[ "$(wc -c <"$d/rtwatch")" -eq ${bytes} ] || fail "the copy is incomplete"`,
    'chmod 700 "$d/rtwatch" && exec 3<"$d/rtwatch" && clean',
    `exec /proc/self/fd/3 ${args}`,
  ].join('\n');
}
