import fs from 'node:fs';
import path from 'node:path';
import { processOf } from '../engine/proc.ts';
import type { ChaosDaemon } from './chaos-daemon.ts';
import type { Pty } from './pty.ts';
import type { Random } from './random.ts';
import { samplersOf } from './samplers.ts';
import { blocked, container, containerd, dockerd, type SickNode, shim } from './sick-node.ts';

export interface Chaos {
  readonly node: SickNode;
  readonly pty: Pty;
  readonly daemons: readonly [ChaosDaemon, ...ChaosDaemon[]];
  readonly random: Random;
  /** How many processes the node has, about. */
  readonly pids: number;
}

const firstPid = 2000;
/** Every key but those that quit, and D: it would ask about a process of this machine that has the pid of a made-up one. */
const keys = [
  ...'0123456789gdhilyrbfsSzv?/nN t:+-=[]{}jkG<>aexXcC',
  '\r',
  '\t',
  '\u001b',
  '\u001b[A',
  '\u001b[B',
  '\u001b[C',
  '\u001b[D',
  '\u001b[5~',
  '\u001b[6~',
  '\u001b[Z',
  '\u007f',
];
/** Files that may hang for a while; kept few, because each costs a sampler. */
const hanging = [
  `proc/${blocked}/stack`,
  `proc/${blocked}/wchan`,
  `proc/${dockerd}/limits`,
  `proc/${containerd}/mountinfo`,
  'proc/1/mountinfo',
  'proc/pressure/io',
  'proc/diskstats',
  `sys/fs/cgroup/docker/${container}/io.stat`,
] as const;

/** What happens to the node and the program, one thing at a time, and each ends by itself. */
export class Events {
  readonly #chaos: Chaos;
  readonly #counts = new Map<string, number>();
  readonly #pending = new Set<NodeJS.Timeout>();
  /** What hangs now, with what the file held. */
  readonly #hung = new Map<string, string>();
  /** The keys pressed last, the newest at the end. */
  readonly lastKeys: string[] = [];
  #uptime = 5000;
  #jumpedSeconds = 0;

  constructor(chaos: Chaos) {
    this.#chaos = chaos;
    for (let index = 0; index < chaos.pids; index++) chaos.node.stat({ pid: firstPid + index, comm: 'app' });
    this.tick();
  }

  /** How often each thing happened. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Time passes, processes come, go, work and wait. */
  tick(): void {
    const { node, pids, random } = this.#chaos;
    this.#uptime += 0.25;
    if (!this.#hung.has('proc/uptime')) node.write('proc/uptime', `${this.#uptime.toFixed(2)} 9000.00\n`);
    const bootTime = Math.round(Date.now() / 1000 - this.#uptime) + this.#jumpedSeconds;
    node.write('proc/stat', `cpu  1 0 0 0 0 0 0 0 0 0\ncpu0 1 0 0 0 0 0 0 0 0 0\nbtime ${bootTime}\nprocs_blocked 1\n`);
    for (let change = 0; change < pids / 40; change++) {
      const pid = firstPid + random.between(0, pids - 1);
      // The same pid may be another process the next time.
      const starttime = random.chance(0.2) ? random.between(1000, 400_000) : 1000 + pid;
      if (random.chance(0.3)) node.remove(`proc/${pid}`);
      else if (random.chance(0.02)) node.process({ pid, comm: 'dd', state: 'D', ppid: shim, starttime });
      else
        node.stat({
          pid,
          comm: 'app',
          state: random.pick(['S', 'S', 'S', 'R', 'Z']),
          starttime,
          cpuTicks: random.between(0, 9000),
        });
    }
  }

  /** One thing happens. */
  happen(): void {
    const { random } = this.#chaos;
    const events = {
      key: () => this.#press(),
      resize: () => this.#chaos.pty.resize({ columns: random.between(15, 240), rows: random.between(3, 70) }),
      fifo: () => this.#hang(),
      mood: () => {
        random.pick(this.#chaos.daemons).mood = random.pick(['well', 'mixed', 'silent', 'failing']);
      },
      vanish: () => this.#vanish(),
      stop: () => this.#stop(),
      kill: () => this.#signal('SIGKILL'),
      jump: () => this.#jump(),
      logs: () => this.#storm(),
      rotate: () => this.#rotate(),
    };
    const name = random.pick([
      ...(['key', 'key', 'key', 'key', 'key', 'key', 'key', 'key', 'key', 'key', 'resize', 'resize', 'mood'] as const),
      ...(['fifo', 'vanish', 'stop', 'kill', 'jump', 'logs', 'rotate'] as const),
    ] as unknown as readonly [keyof typeof events]);
    // The dear ones are rarer than one in twenty.
    if (['fifo', 'stop', 'kill', 'jump', 'vanish'].includes(name) && !random.chance(0.4)) return;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    events[name]();
  }

  /** All is as it should be again. */
  end(): void {
    for (const timer of this.#pending) clearTimeout(timer);
    for (const file of [...this.#hung.keys()]) this.#heal(file);
    this.#signal('SIGCONT');
    for (const daemon of this.#chaos.daemons) daemon.vanish();
  }

  #press(): void {
    const { pty, random } = this.#chaos;
    const key = random.pick(keys as [string, ...string[]]);
    this.lastKeys.push(key);
    this.lastKeys.splice(0, this.lastKeys.length - 30);
    pty.press(key);
  }

  #hang(): void {
    const { node, random } = this.#chaos;
    const file = random.pick(hanging);
    if (this.#hung.has(file)) return;
    this.#hung.set(file, fs.readFileSync(path.join(node.folder, file), 'utf8'));
    node.block(file);
    this.#later(() => this.#heal(file), 2000, 20_000);
  }

  #heal(file: string): void {
    const { node } = this.#chaos;
    node.release(file);
    node.write(file, this.#hung.get(file) ?? '');
    this.#hung.delete(file);
  }

  #vanish(): void {
    const daemon = this.#chaos.random.pick(this.#chaos.daemons);
    daemon.vanish();
    this.#later(() => daemon.listen(), 500, 8000);
  }

  #stop(): void {
    this.#signal('SIGSTOP');
    this.#later(() => this.#signal('SIGCONT'), 500, 12_000);
  }

  #signal(signal: NodeJS.Signals): void {
    for (const { pid } of samplersOf(this.#chaos.pty.pid)) if (processOf(pid) !== null) process.kill(pid, signal);
  }

  /** The wall clock and the node's uptime are another; the sampler that is started next sees it. */
  #jump(): void {
    const { random } = this.#chaos;
    this.#jumpedSeconds += random.between(-100_000, 100_000);
    this.#uptime = Math.max(1, this.#uptime + random.between(-3000, 3000));
    this.#signal('SIGKILL');
  }

  #storm(): void {
    const { node, random } = this.#chaos;
    const id = `${random.between(0, 39)}`.padStart(2, '0').padEnd(64, 'c0ffee');
    const line = `Nov 21 12:00:00 sick-1 dockerd[700]: time="2026-11-21T12:00:00.000000000Z" level=error msg="Container ${id} failed to exit within 10 seconds of signal 15 - using the force"\n`;
    fs.appendFileSync(`${node.rootfs}/var/log/messages`, line.repeat(random.between(1000, 20_000)));
  }

  #rotate(): void {
    const { node } = this.#chaos;
    const log = `${node.rootfs}/var/log/messages`;
    fs.renameSync(log, `${log}.1`);
    fs.writeFileSync(log, 'Nov 21 12:00:00 sick-1 kernel: a new file\n');
    // What keys have made (dumps, bundles, recordings) shall not fill the memory it lies in.
    fs.rmSync(`${node.folder}/state`, { recursive: true, force: true });
  }

  #later(act: () => void, leastMs: number, mostMs: number): void {
    const timer = setTimeout(
      () => {
        this.#pending.delete(timer);
        act();
      },
      this.#chaos.random.between(leastMs, mostMs),
    );
    this.#pending.add(timer);
  }
}
