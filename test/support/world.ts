import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { World } from '../../src/collect/world.ts';

const worlds = path.join(import.meta.dirname, '../worlds');

/** A captured node of `test/worlds`. */
export function capturedWorld(name: string): World {
  const rootfs = path.join(worlds, name);
  return new World({ procfs: path.join(rootfs, 'proc'), sysfs: path.join(rootfs, 'sys'), rootfs });
}

/** An empty folder that is gone after the test. Its path is short enough for a unix socket. A child that was killed may still write into it. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtw-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A node that the test writes itself. */
export class Tree {
  readonly rootfs = temporaryFolder();
  readonly roots = { procfs: `${this.rootfs}/proc`, sysfs: `${this.rootfs}/sys`, rootfs: this.rootfs };

  constructor() {
    this.write('proc/uptime', '1000.00 2000.00\n');
  }

  write(file: string, text: string): this {
    const target = path.join(this.rootfs, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
    return this;
  }

  remove(file: string): this {
    fs.rmSync(path.join(this.rootfs, file), { recursive: true, force: true });
    return this;
  }

  /** A process, or the change of one. */
  process(pid: number, stat: Partial<StatFields> = {}, files: Readonly<Record<string, string>> = {}): this {
    this.write(`proc/${pid}/stat`, statLine({ pid, ...stat }));
    for (const [name, text] of Object.entries(files)) this.write(`proc/${pid}/${name}`, text);
    return this;
  }

  /** A thread of a process. */
  thread(pid: number, tid: number, stat: Partial<StatFields> = {}, files: Readonly<Record<string, string>> = {}): this {
    this.write(`proc/${pid}/task/${tid}/stat`, statLine({ pid: tid, ...stat }));
    for (const [name, text] of Object.entries(files)) this.write(`proc/${pid}/task/${tid}/${name}`, text);
    return this;
  }

  world(): World {
    return new World(this.roots);
  }
}

/** As the kernel shows a node to a user without CAP_SYS_PTRACE: the descriptors of others are listed, but not to be read. */
export class DiscreetWorld extends World {
  override readLink(path: string): string {
    if (!path.includes('/fd/')) return super.readLink(path);
    throw Object.assign(new Error(`EACCES: permission denied, readlink '${path}'`), { code: 'EACCES', path });
  }

  override tryLink(path: string): string | null {
    return path.includes('/fd/') ? null : super.tryLink(path);
  }
}

export interface StatFields {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly flags: number;
  readonly cpuTicks: number;
  readonly threads: number;
  readonly starttime: number;
}

/** A line as the kernel writes it into `/proc/PID/stat`. */
export function statLine(fields: Partial<StatFields>): string {
  const { pid = 42, comm = 'app', state = 'S', ppid = 1, flags = 0x40_0000, cpuTicks = 0 } = fields;
  const { threads = 1, starttime = 5000 } = fields;
  return (
    `${pid} (${comm}) ${state} ${ppid} ${pid} ${pid} 0 -1 ${flags} 120 0 0 0 ${cpuTicks} 0 0 0 20 0 ` +
    `${threads} 0 ${starttime} 2322432 316 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n`
  );
}

/** A `/proc/PID/status` with what is read of it. */
export function statusText(
  fields: { rssKb?: number; threads?: number; sigPnd?: string; shdPnd?: string } = {},
): string {
  const { rssKb = 1264, threads = 1, sigPnd = '0', shdPnd = '0' } = fields;
  return (
    `Name:\tapp\nState:\tS (sleeping)\nVmRSS:\t${String(rssKb).padStart(8)} kB\nThreads:\t${threads}\n` +
    `SigPnd:\t${sigPnd.padStart(16, '0')}\nShdPnd:\t${shdPnd.padStart(16, '0')}\n`
  );
}
