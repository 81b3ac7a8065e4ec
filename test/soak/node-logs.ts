import fs from 'node:fs';
import type { Random } from '../reliability/random.ts';

const writeEveryMs = 1000;
const rotateEveryMs = 120_000;

/** A log of the node, with a few lines a second that name containers which are never seen again, rotated as logrotate does it. */
export class NodeLogs {
  readonly path: string;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #random: Random;
  #rotations = 0;

  /** @param daemonLogs files that a daemon holds open for appending: truncated (`copytruncate`), in turn with the rename */
  constructor(path: string, daemonLogs: readonly string[], random: Random) {
    this.path = path;
    this.#random = random;
    fs.writeFileSync(path, '');
    this.#timers = [
      setInterval(() => this.#write(), writeEveryMs),
      setInterval(() => this.#rotate(daemonLogs), rotateEveryMs),
    ];
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #write(): void {
    const id = Array.from({ length: 64 }, () => this.#random.between(0, 15).toString(16)).join('');
    const now = new Date();
    const stamp = `${now.toUTCString().slice(8, 11)} ${now.getUTCDate()} ${now.toISOString().slice(11, 19)} soak-1`;
    const said = this.#random.pick([
      `dockerd[700]: time="${now.toISOString()}" level=error msg="Container ${id} failed to exit within 10 seconds of signal 15 - using the force"`,
      `dockerd[700]: time="${now.toISOString()}" level=warning msg="cleanup warnings time=\\"x\\" msg=\\"failed to unmount /run/${id}\\""`,
      `kernel: [${now.getTime() / 1000}] EXT4-fs warning (device loop9): ext4_end_bio: I/O error 10 writing to inode ${this.#random.between(10, 99_999)}`,
      `systemd[1]: run-docker-runtime\\x2drunc-moby-${id}-runc.mount: Deactivated successfully.`,
      `containerd[600]: time="${now.toISOString()}" level=info msg="shim disconnected" id=${id}`,
    ]);
    fs.appendFileSync(this.path, `${stamp} ${said}\n`);
  }

  #rotate(daemonLogs: readonly string[]): void {
    if (this.#rotations++ % 2 === 0) {
      fs.renameSync(this.path, `${this.path}.1`);
      fs.writeFileSync(this.path, '');
    } else for (const file of daemonLogs) fs.truncateSync(file);
  }
}
