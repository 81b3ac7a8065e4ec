// What `rtwatch fleet` costs with 5,000 nodes of which 53 or all are sick: from the answer to the frame, and CPU and memory while nothing changes.
// Prometheus is scripted: what it costs itself is another matter.
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { PromSeries } from '../../src/fleet/answer.ts';
import { fleetQueries, questionNames } from '../../src/fleet/queries.ts';
import { Pty } from '../reliability/pty.ts';
import { answersOf, largeFleet, type MadeFleet, trendAnswer } from '../support/fleets.ts';
import { waitFor } from '../support/wait-for.ts';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
const calmSeconds = Number(process.env['RTWATCH_BENCH_FLEET_S'] ?? 60);
/** Not of interest: the program starts. */
const warmUpMs = 20_000;

const allSick: MadeFleet = {
  total: 5000,
  versions: { '19.03.15': 5000 },
  sick: Array.from({ length: 5000 }, (_, at) => ({
    instance: `node-${String(at).padStart(5, '0')}:9753`,
    findings: ['goroutine-leak-on-stop', 'stalled-disk', 'leaked-mount'].map((id) => ({ id, ago: at })),
    dockerd: '19.03.15',
    kernel: '5.10.0',
  })),
};

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-bench-fleet-'));
try {
  for (const [name, fleet] of [
    ['53 of 5,000 nodes sick', largeFleet],
    ['all of 5,000 nodes sick', allSick],
  ] as const) {
    await measure(name, fleet);
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

async function measure(name: string, fleet: MadeFleet): Promise<void> {
  const server = await serve(fleet);
  const pty = await Pty.open(folder, [launcher, 'fleet', '--prometheus', server.url, '--every', '15s']);
  try {
    await waitFor('the fleet', () => pty.drawnSince(0).includes('5,000 nodes'), { everyMs: 2 });
    const frameMs = performance.now() - server.answeredAt();
    await new Promise((resolve) => setTimeout(resolve, warmUpMs));
    const before = cpuMs(pty.pid);
    const rounds = server.rounds();
    await new Promise((resolve) => setTimeout(resolve, calmSeconds * 1000));
    const percent = (cpuMs(pty.pid) - before) / (calmSeconds * 10);
    const bytes = server.bytes();
    console.log(
      `${name}: frame ${Math.round(frameMs)} ms after the last answer of ${(bytes / 1e6).toFixed(2)} MB, ` +
        `calm ${percent.toFixed(2)} % of a core (${server.rounds() - rounds} rounds), ${pssMiB(pty.pid)} MiB PSS`,
    );
  } finally {
    process.kill(pty.pid, 'SIGTERM');
    server.close();
  }
}

/** Answers as Prometheus does. */
async function serve(fleet: MadeFleet) {
  const queries = fleetQueries([]);
  const answers = answersOf(fleet);
  const body = (series: readonly PromSeries[], resultType: 'vector' | 'matrix'): string => {
    const result = series.map(({ labels, points }) => {
      const pairs = points.map(([at, value]) => [at, String(value)]);
      return { metric: labels, ...(resultType === 'vector' ? { value: pairs[0] } : { values: pairs }) };
    });
    return JSON.stringify({ status: 'success', data: { resultType, result } });
  };
  const bodies = new Map(
    questionNames.flatMap((one): [string, string][] =>
      one === 'trends' ? [] : [[queries[one], body(answers[one], 'vector')]],
    ),
  );
  const trends = body(trendAnswer(fleet.sick.slice(0, 60)), 'matrix');
  let answeredAt = 0;
  let rounds = 0;
  const server = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    request.on('end', () => {
      const isRange = request.url?.endsWith('query_range') ?? false;
      rounds += isRange ? 1 : 0;
      const answer = isRange ? trends : (bodies.get(new URLSearchParams(text).get('query') ?? '') ?? '');
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer, () => {
        if (rounds <= 1) answeredAt = performance.now();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sizes = [...bodies.values(), trends].reduce((sum, one) => sum + one.length, 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answeredAt: () => answeredAt,
    rounds: () => rounds,
    bytes: () => sizes,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Of the process, in ticks of ten milliseconds (`getconf CLK_TCK` is 100 on every Linux that rtwatch runs on). */
function cpuMs(pid: number): number {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function pssMiB(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes ?? 0) / 1024);
}
