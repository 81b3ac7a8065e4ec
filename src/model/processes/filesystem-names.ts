/**
 * The names of the filesystem that a function of the kernel belongs to, the most likely first; null when it belongs to none.
 * ext4 serves ext3 and ext2 too; it is what current kernels have for all three.
 */
export function filesystemOf(frame: string): string[] | null {
  if (/^_*ext4_/.test(frame)) return ['ext4', 'ext3', 'ext2'];
  if (/^_*bch2_/.test(frame)) return ['bcachefs'];
  // module/os/linux/zfs: zpl_super.c, zpl_file.c
  if (/^_*zpl_/.test(frame)) return ['zfs'];
  const name = filesystems.find((filesystem) => frame.replace(/^_+/, '').startsWith(`${filesystem}_`));
  return name === undefined ? null : [name];
}

const filesystems = ['ext4', 'xfs', 'btrfs', 'f2fs', 'zfs', 'bcachefs', 'jfs', 'ntfs3', 'erofs', 'squashfs'];
