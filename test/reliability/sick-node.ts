import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** A process of the made-up node. */
export interface MadeProcess {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  /** Clock ticks after boot. */
  readonly starttime: number;
  readonly cpuTicks: number;
  readonly threads: number;
}

export const dockerd = 700;
export const containerd = 600;
export const shim = 900;
/** In D, in a container. */
export const blocked = 901;
export const zombie = 903;
export const container = 'c0ffee'.padEnd(64, '0');

/**
 * A node made of files, which may be as sick as a test wants: any of its files can become a FIFO, whose opening waits
 * for a writer who never comes, as a read of a sick node waits for a lock.
 */
export class SickNode {
  readonly folder: string;
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;

  constructor(folder: string) {
    this.folder = folder;
    this.procfs = path.join(folder, 'proc');
    this.sysfs = path.join(folder, 'sys');
    this.rootfs = path.join(folder, 'root');
    for (const made of [this.procfs, this.sysfs, this.rootfs]) fs.mkdirSync(made, { recursive: true });
    this.#makeHost();
    this.process({ pid: 1, comm: 'systemd', ppid: 0, starttime: 1 });
    this.process({ pid: containerd, comm: 'containerd' });
    this.process({ pid: dockerd, comm: 'dockerd' });
    this.process({ pid: shim, comm: 'containerd-shim' });
    this.process({ pid: blocked, comm: 'dd', state: 'D', ppid: shim });
    this.process({ pid: blocked + 1, comm: 'sh', ppid: shim });
    // Its first thread has ended, and another one is blocked.
    this.process({ pid: zombie, comm: 'java', state: 'Z', ppid: shim, threads: 2 });
    this.write(`proc/${zombie}/task/${zombie + 1}/stat`, statLine({ pid: zombie + 1, comm: 'java', state: 'D' }));
  }

  /** Options that make rtwatch look at it. */
  args(dockerHost = `unix://${this.folder}/none.sock`): string[] {
    const { procfs, sysfs, rootfs } = this;
    return ['--procfs', procfs, '--sysfs', sysfs, '--rootfs', rootfs, '--docker-host', dockerHost];
  }

  /** Writes a file of the node, by its path below the folder: `proc/42/stat`. */
  write(file: string, text: string): void {
    const target = path.join(this.folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }

  remove(file: string): void {
    fs.rmSync(path.join(this.folder, file), { recursive: true, force: true });
  }

  /** A process with all files that a look may want, or the change of one. */
  process(change: Partial<MadeProcess> & { readonly pid: number }): void {
    const { pid } = change;
    this.stat(change);
    const isIn = change.ppid === shim;
    const files: Readonly<Record<string, string>> = {
      cgroup: isIn ? `0::/docker/${container}\n` : '0::/system.slice/docker.service\n',
      status: `Name:\t${change.comm ?? 'app'}\nState:\tS\nNSpid:\t${pid}\nSigPnd:\t0000000000000100\nShdPnd:\t0000000000000100\nSigCgt:\t0000000000000200\n`,
      wchan: 'io_schedule',
      stack: '[<0>] io_schedule+0x12/0x40\n[<0>] wait_on_page_bit+0x10/0x20\n',
      syscall: '74 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffd 0x7f00\n',
      sched: `${change.comm ?? 'app'} (${pid}, #threads: 1)\n---\nse.exec_start                                :       4000000.000000\n`,
      io: 'rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 0\n',
      limits:
        'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 524288               files     \n',
      mountinfo: `30 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n31 30 0:20 / /proc rw - proc proc rw\n`,
      cmdline: `/usr/bin/${change.comm ?? 'app'}\0`,
      'ns/mnt': `mnt:[${isIn ? 4026532500 : 4026531841}]`,
      'net/unix': 'Num       RefCount Protocol Flags    Type St Inode Path\n',
      exe: `/usr/bin/${change.comm ?? 'app'}`,
      'fd/0': '/dev/null',
      'fd/1': 'socket:[100]',
      [`task/${pid}/stat`]: statLine(change),
    };
    for (const [name, text] of Object.entries(files)) this.write(`proc/${pid}/${name}`, text);
  }

  /** Only the line of its `stat`. */
  stat(change: Partial<MadeProcess> & { readonly pid: number }): void {
    this.write(`proc/${change.pid}/stat`, statLine(change));
  }

  /**
   * Puts a FIFO in the place of a file or directory.
   *
   * @throws when there is no mkfifo
   */
  block(...files: readonly string[]): void {
    for (const file of files) this.remove(file);
    const made = spawnSync(
      'mkfifo',
      files.map((file) => path.join(this.folder, file)),
      { encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`mkfifo: ${made.stderr || made.error}`);
  }

  /** Lets those that wait for a FIFO go on (they find it empty), and removes it. */
  release(file: string): void {
    const target = path.join(this.folder, file);
    try {
      fs.closeSync(fs.openSync(target, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK));
    } catch {
      // Nobody waits (ENXIO).
    }
    this.remove(file);
  }

  #makeHost(): void {
    const files: Readonly<Record<string, string>> = {
      uptime: '5000.00 9000.00\n',
      stat: 'cpu  1 0 0 0 0 0 0 0 0 0\ncpu0 1 0 0 0 0 0 0 0 0 0\nbtime 1795000000\nprocs_blocked 1\n',
      diskstats: '   8       0 sda 100 0 800 50 200 0 1600 90 1 140 140 0 0 0 0 0 0\n',
      meminfo: 'MemTotal: 1000000 kB\nMemAvailable: 500000 kB\nDirty: 8 kB\nWriteback: 0 kB\n',
      vmstat: 'nr_dirty 2\nnr_writeback 0\nnr_written 100\nnr_dirtied 100\nnr_dirty_threshold 1000\n',
      loadavg: '1.00 1.00 1.00 1/100 1000\n',
      cgroups: '#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t0\t90\t1\n',
      cmdline: 'BOOT_IMAGE=/vmlinuz root=/dev/sda1\n',
      mountinfo: '30 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n',
      'pressure/io':
        'some avg10=1.00 avg60=1.00 avg300=1.00 total=1000\nfull avg10=1.00 avg60=1.00 avg300=1.00 total=900\n',
      'net/unix': 'Num       RefCount Protocol Flags    Type St Inode Path\n',
      'sys/kernel/osrelease': '6.1.0-20-amd64\n',
      'sys/kernel/hostname': 'sick-1\n',
      'sys/fs/file-nr': '1000\t0\t100000\n',
    };
    for (const [name, text] of Object.entries(files)) this.write(`proc/${name}`, text);
    this.write('sys/fs/cgroup/cgroup.controllers', 'cpu io memory pids\n');
    this.write('sys/fs/cgroup/cgroup.stat', 'nr_descendants 90\nnr_dying_descendants 3\n');
    this.write(`sys/fs/cgroup/docker/${container}/io.stat`, '8:0 rbytes=1 wbytes=2 rios=1 wios=1 dbytes=0 dios=0\n');
    this.write('root/etc/os-release', 'PRETTY_NAME="Debian GNU/Linux 12"\n');
    this.write('root/var/log/messages', 'Nov 21 12:00:00 sick-1 kernel: all is well\n');
  }
}

/** A line as the kernel writes it into `/proc/PID/stat` (proc_pid_stat(5)). */
export function statLine(change: Partial<MadeProcess> & { readonly pid: number }): string {
  const { pid, comm = 'app', state = 'S', ppid = 1, starttime = 1000 + pid, cpuTicks = 0, threads = 1 } = change;
  return (
    `${pid} (${comm}) ${state} ${ppid} ${pid} ${pid} 0 -1 4194304 120 0 0 0 ${cpuTicks} 0 0 0 20 0 ${threads} 0 ` +
    `${starttime} 2322432 316 18446744073709551615 1 1 0 0 0 0 512 0 0 0 0 0 0 17 0 0 0 0 0 0\n`
  );
}
