/**
 * The device that a thread of the kernel works for: `jbd2/sda1-8` (fs/jbd2/journal.c), `xfsaild/dm-0`, `kdmflush/253:0`,
 * `md0_raid1`, and of workers, which carry the name of their queue (kernel/workqueue.c wq_worker_comm, since Linux 4.18),
 * `kworker/u8:0+flush-7:1` and `kworker/u8:3+loop1`.
 *
 * @returns its name or number; null for a thread that works for none, or for all
 */
export function threadDevice(comm: string): string | null {
  for (const form of forms) {
    const name = form.exec(comm)?.[1];
    // In the names of threads a slash of a device’s name is an exclamation mark.
    if (name !== undefined) return name.replaceAll('!', '/');
  }
  return null;
}

const forms = [
  /^jbd2\/(.+)-\d+$/,
  /^kworker\/\S+?[+-]flush-(\d+:\d+)$/,
  /^kworker\/\S+?[+-](loop\d+|md\d+|dm-\d+)$/,
  /^kworker\/\S+?[+-]xfs-[a-z_]+\/(.+)$/,
  /^(?:xfsaild|xfs-[a-z_]+|kdmflush|kjournald2|f2fs_[a-z]+)[/-](\S+)$/,
  /^(loop\d+|md\d+)(?:_.*)?$/,
];
