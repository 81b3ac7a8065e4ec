import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { succeed } from '../engine/run.ts';
import type { Scratch } from '../engine/scratch.ts';
import { waitFor } from '../support/wait-for.ts';

/** How often another port is tried: it may be taken between the kernel's choice and sshd. */
const tries = 5;

/** What the nodes of a test offer. */
interface SshdOptions {
  /** Where the far shell finds programs. */
  readonly path: string;
  /** Where it puts temporary files. */
  readonly temporary?: string;
}

/**
 * A real sshd on a port of the loopback, with a host key, a configuration and accepted keys of its own. Nothing of the machine's
 * /etc/ssh or ~/.ssh is read.
 */
export class Sshd {
  readonly #folder: string;
  readonly #options: SshdOptions;
  #child: ChildProcess | null = null;
  port = 0;

  private constructor(scratch: Scratch, name: string, options: SshdOptions) {
    this.#folder = scratch.of(name);
    this.#options = options;
  }

  /** Starts one; `Scratch.close` ends it. */
  static async start(scratch: Scratch, name: string, options: SshdOptions): Promise<Sshd> {
    const sshd = new Sshd(scratch, name, options);
    fs.mkdirSync(sshd.#folder, { mode: 0o700 });
    await sshd.newHostKey();
    await makeKey(sshd.#of('user-key'));
    fs.copyFileSync(sshd.#of('user-key.pub'), sshd.#of('accepted'));
    scratch.onClose(() => sshd.kill());
    await sshd.listen();
    return sshd;
  }

  /** Another host key from the next start on. */
  async newHostKey(): Promise<void> {
    for (const name of ['host-key', 'host-key.pub']) fs.rmSync(this.#of(name), { force: true });
    await makeKey(this.#of('host-key'));
  }

  /** No key is accepted any more, so it would ask for a password. */
  acceptNoKey(): void {
    fs.writeFileSync(this.#of('accepted'), '');
  }

  /** Lines for the configuration of ssh: these names lead here, with the key that it has now. */
  clientConfig(...names: string[]): string {
    const known = this.#of('known-hosts');
    const [type, key] = fs.readFileSync(this.#of('host-key.pub'), 'utf8').split(' ');
    fs.writeFileSync(known, `${this.#folder} ${type} ${key}\n`);
    return [
      `Host ${names.join(' ')}`,
      ...['HostName 127.0.0.1', `Port ${this.port}`, 'User root', `HostKeyAlias ${this.#folder}`],
      ...[`IdentityFile ${this.#of('user-key')}`, 'IdentitiesOnly yes', 'IdentityAgent none'],
      ...[`UserKnownHostsFile ${known}`, 'GlobalKnownHostsFile /dev/null', 'StrictHostKeyChecking yes', ''],
    ].join('\n');
  }

  /** Listens, on the port that it had before if there is one. */
  async listen(): Promise<void> {
    // Where sshd puts those who have not logged in yet.
    fs.mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    for (let attempt = 1; ; attempt++) {
      this.port ||= await freePort();
      try {
        await this.#listenOnce();
        return;
      } catch (error) {
        if (attempt === tries) throw error;
        this.port = 0;
      }
    }
  }

  /** Ends it with all connections. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // Stopped first: it would accept another one meanwhile.
    child.kill('SIGSTOP');
    endChildren(child.pid);
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends all connections; it still listens. */
  endConnections(): void {
    endChildren(this.#child?.pid);
  }

  async #listenOnce(): Promise<void> {
    fs.writeFileSync(
      this.#of('config'),
      [
        ...[`Port ${this.port}`, 'ListenAddress 127.0.0.1', `HostKey ${this.#of('host-key')}`, 'PidFile none'],
        ...[`AuthorizedKeysFile ${this.#of('accepted')}`, 'StrictModes no', 'UsePAM no', 'PermitRootLogin yes'],
        ...['PubkeyAuthentication yes', 'PasswordAuthentication yes', `SetEnv ${this.#environment()}`, ''],
      ].join('\n'),
    );
    const log = fs.openSync(this.#of('log'), 'w');
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', this.#of('config')], {
      cwd: this.#folder,
      detached: true,
      stdio: ['ignore', log, log],
    });
    fs.closeSync(log);
    child.on('error', () => {});
    child.unref();
    const isOver = (): boolean => child.pid === undefined || child.exitCode !== null;
    const state = await waitFor(
      'sshd to listen',
      () => (isOver() ? 'over' : this.#log().includes('Server listening on 127.0.0.1') && 'listens'),
      { detail: () => this.#log() },
    );
    if (state === 'over') throw new Error(`sshd did not start\n${this.#log()}`);
    this.#child = child;
  }

  #environment(): string {
    const { path, temporary } = this.#options;
    return [`PATH=${path}`, ...(temporary === undefined ? [] : [`TMPDIR=${temporary}`])].join(' ');
  }

  #log(): string {
    return fs.readFileSync(this.#of('log'), 'utf8');
  }

  #of(name: string): string {
    return `${this.#folder}/${name}`;
  }
}

/** Of sshd these are its connections. */
function endChildren(pid: number | undefined): void {
  const children = pid === undefined ? '' : fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  for (const child of children.split(' ').filter((one) => one !== '')) process.kill(Number(child), 'SIGKILL');
}

async function makeKey(file: string): Promise<void> {
  await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
