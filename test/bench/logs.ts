// What `rtwatch logs` reads a second beside `grep -c`, and its peak of memory, over a generated log.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
const megabytes = Number(process.env['RTWATCH_BENCH_LOG_MB'] ?? 500);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-bench-logs-'));
try {
  const file = path.join(folder, 'containerd.log');
  writeLog(file, megabytes * 1e6);
  const rows = [
    ['grep -c "context deadline exceeded"', measure('grep', ['-c', 'context deadline exceeded', file])],
    ['rtwatch logs', measure(launcher, ['logs', '--json', file])],
  ] as const;
  for (const [name, { wallSeconds, cpuSeconds, peakBytes }] of rows) {
    const perSecond = (seconds: number): string => `${Math.round(megabytes / seconds)} MB/s`;
    console.log(
      `${name.padEnd(36)} ${perSecond(cpuSeconds).padStart(10)} of CPU ${perSecond(wallSeconds).padStart(10)} of wall clock, peak ${Math.round(peakBytes / 1e6)} MB`,
    );
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}

/** A busy containerd's log, in which one line of four hundred is known. */
function writeLog(file: string, bytes: number): void {
  const fd = fs.openSync(file, 'w');
  const id = (n: number): string => (Math.imul(n, 2_654_435_761) >>> 0).toString(16).padStart(8, '0').repeat(8);
  let at = Date.UTC(2026, 10, 20);
  let written = 0;
  for (let n = 1; written < bytes; ) {
    const lines: string[] = [];
    for (let row = 0; row < 5000; row++, n++) {
      at += 7;
      lines.push(`time="${new Date(at).toISOString()}" ${messageOf(n, id)}`);
    }
    written += fs.writeSync(fd, `${lines.join('\n')}\n`);
  }
  fs.closeSync(fd);
}

function messageOf(n: number, id: (n: number) => string): string {
  if (n % 400 === 0) return `level=error msg="get state for ${id(n % 7)}" error="context deadline exceeded: unknown"`;
  const messages = [
    `msg="CreateContainer within sandbox \\"${id(n % 300)}\\" for &ContainerMetadata{Name:web,Attempt:0,}"`,
    `msg="StartContainer for \\"${id(n)}\\" returns successfully"`,
    `msg="RemoveContainer for \\"${id(n)}\\" returns successfully"`,
    `msg="shim loaded" namespace=k8s.io id=${id(n)}`,
    `msg="PullImage \\"registry.example/web:v${n}\\""`,
  ];
  return `level=info ${messages[n % messages.length]}`;
}

interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** grep stops at its first match when its output goes nowhere. Python tells what a child cost: the kernel’s own account, which Node does not pass on. */
function measure(command: string, args: readonly string[]): Cost {
  const script = [
    'import os, resource, subprocess, sys, time',
    's = time.monotonic(); subprocess.run(sys.argv[1:], stdout=subprocess.PIPE); w = time.monotonic() - s',
    'u = resource.getrusage(resource.RUSAGE_CHILDREN); print(w, u.ru_utime + u.ru_stime, u.ru_maxrss * 1024)',
  ].join('\n');
  const { stdout, stderr } = spawnSync('python3', ['-c', script, command, ...args], { encoding: 'utf8' });
  const [wallSeconds, cpuSeconds, peakBytes] = stdout.split(' ').map(Number);
  if (wallSeconds === undefined || cpuSeconds === undefined || peakBytes === undefined) throw new Error(stderr);
  return { wallSeconds, cpuSeconds, peakBytes };
}
