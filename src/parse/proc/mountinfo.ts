/** One line of `/proc/PID/mountinfo` (proc_pid_mountinfo(5)). */
export interface Mount {
  /** `major:minor` of the filesystem. */
  readonly device: string;
  /** The directory of the filesystem that is mounted; for nsfs `net:[4026532…]`. */
  readonly root: string;
  readonly path: string;
  readonly propagation: 'shared' | 'master' | 'private';
  readonly type: string;
  readonly source: string;
  readonly superOptions: string;
}

/** Parses one line; null if it is malformed (the file can be cut where its process exited). */
export function parseMount(line: string): Mount | null {
  const fields = line.split(' ');
  const dash = fields.indexOf('-', 6);
  const [, , device, root, path] = fields;
  const [type, source, superOptions] = fields.slice(dash + 1);
  if (dash < 0 || device === undefined || root === undefined || path === undefined || type === undefined) return null;
  const tags = fields.slice(6, dash);
  return {
    device,
    root: unmangle(root),
    path: unmangle(path),
    propagation: propagationOf(tags),
    type,
    source: unmangle(source ?? ''),
    superOptions: superOptions ?? '',
  };
}

/** A mount can be shared and a slave at once; what matters is whether an unmount elsewhere reaches it. */
function propagationOf(tags: readonly string[]): Mount['propagation'] {
  if (tags.some((tag) => tag.startsWith('shared:'))) return 'shared';
  return tags.some((tag) => tag.startsWith('master:')) ? 'master' : 'private';
}

/** Undoes mangle_path of fs/seq_file.c: space, tab, newline and backslash come as three octal digits. */
function unmangle(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)))
    : text;
}
