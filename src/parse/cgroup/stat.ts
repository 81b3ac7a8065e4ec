/** Groups below one of cgroup v2. */
export interface Descendants {
  readonly visible: number;
  /** Removed, and still held by what is charged to them. */
  readonly dying: number;
}

/**
 * `cgroup.stat` of cgroup v2 (kernel Documentation/admin-guide/cgroup-v2.rst, since 4.14).
 *
 * @throws when a number is missing
 */
export function parseDescendants(text: string): Descendants {
  const visible = /^nr_descendants (\d+)$/m.exec(text)?.[1];
  const dying = /^nr_dying_descendants (\d+)$/m.exec(text)?.[1];
  if (visible === undefined || dying === undefined) throw new Error('no nr_descendants in cgroup.stat');
  return { visible: Number(visible), dying: Number(dying) };
}
