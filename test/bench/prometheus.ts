/**
 * What 5,000 nodes cost a real Prometheus with the configuration and the rules of `deploy/`: CPU time, memory, series, and the time that each group of
 * rules takes. Each node is a target of its own with the page of a real `rtwatch export`; times and counters advance, one in a hundred has two findings.
 *
 *     test/deploy/prepare && bin/node test/bench/prometheus.ts [--nodes 5000] [--warm-up 120] [--seconds 180] [--without-rules]
 */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startExporter } from '../deploy/exporter.ts';
import { deploy, yamlOf } from '../deploy/files.ts';
import { startPrometheus } from '../deploy/server.ts';
import { Scratch } from '../engine/scratch.ts';
import { scriptArguments } from '../support/script-arguments.ts';
import { waitFor } from '../support/wait-for.ts';
import { pssBytesOf, statOf } from './proc.ts';
import { formatTable } from './table.ts';

const { values } = scriptArguments({
  options: {
    nodes: { type: 'string', default: '5000' },
    'warm-up': { type: 'string', default: '120' },
    seconds: { type: 'string', default: '180' },
    'without-rules': { type: 'boolean', default: false },
  },
});
const nodes = Number(values.nodes);
const seconds = Number(values.seconds);
const sickOneIn = 100;

const scratch = new Scratch();
// What the scratch waits for at its end keeps no process alive.
const alive = setInterval(() => {}, 1000);
try {
  const page = await realPage();
  const server = await serve(page);
  const prometheus = await startWith(server.port);
  const pid = prometheus.child.pid ?? 0;
  await sleep(Number(values['warm-up']) * 1000);
  const before = statOf(pid)?.cpuSeconds ?? 0;
  const scrapes = server.answered();
  await sleep(seconds * 1000);
  const cpu = (statOf(pid)?.cpuSeconds ?? 0) - before;
  const own = await (await fetch(`${prometheus.url}/metrics`)).text();
  const rows = [
    ['nodes', String(nodes)],
    ['series and bytes of a page', `${seriesOf(page).toLocaleString('en-US')}, ${page.length.toLocaleString('en-US')}`],
    ['scrapes a second', ((server.answered() - scrapes) / seconds).toFixed(0)],
    ['CPU, % of a core', ((cpu / seconds) * 100).toFixed(0)],
    ['memory (PSS), MB', (pssBytesOf(pid) / 1e6).toFixed(0)],
    ...[...own.matchAll(/^prometheus_(tsdb_head_series|rule_group_(?:last_duration_seconds|rules)\S*) (\S+)$/gm)].map(
      ([, name = '', value = '']) => [name.replace(/\{.*;(.*)"\}/, ' $1'), value],
    ),
    ['series of recording rules', await countOf(prometheus.url, '{__name__=~".+:rtwatch_.+"}')],
    ['alerts that fire or wait', await countOf(prometheus.url, 'ALERTS')],
  ];
  process.stdout.write(`${formatTable(rows)}\n${seconds} s, ${values['warm-up']} s after the start\n`);
  server.close();
} finally {
  await scratch.close();
  clearInterval(alive);
}

/** Of the machine that this runs on, as soon as all sources have answered. */
async function realPage(): Promise<string> {
  const exporter = await startExporter(scratch);
  await waitFor('a sample', async () => (await fetch(`http://${exporter.address}/readyz`)).ok);
  await sleep(15_000);
  const page = await (await fetch(`http://${exporter.address}/metrics`)).text();
  await exporter.kill();
  // What is wrong on this machine is not wrong on all nodes.
  return page
    .replaceAll(/^rtwatch_finding(?:_since_seconds)?\{.*\n/gm, '')
    .replaceAll(/^(rtwatch_(?:processes_unreadable|rules_unjudged)\S*) .*$/gm, '$1 0');
}

function seriesOf(page: string): number {
  return page.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

async function serve(page: string) {
  let answered = 0;
  // What changes from one scrape to the next; of a second of CPU time, as little as rtwatch uses.
  const pieces = page.split(
    /^(rtwatch_(?:last_sample|source_last|own_cpu|own_resident|daemon_(?:goroutines|heap))\S*) .*$/m,
  );
  const server = http.createServer((request, response) => {
    answered++;
    const node = Number(/node=(\d+)/.exec(request.url ?? '')?.[1] ?? 0);
    const now = Math.floor(Date.now() / 1000);
    const text = pieces
      .map((piece, index) =>
        index % 2 === 1 ? `${piece} ${piece.includes('_cpu_') ? now / 200 : now + index}` : piece,
      )
      .join('');
    const finding = ['goroutine-leak-on-stop', 'leaked-mount'].map(
      (id) =>
        `rtwatch_finding{id="${id}",severity="warning"} 1\nrtwatch_finding_since_seconds{id="${id}",severity="warning"} 1\n`,
    );
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(node % sickOneIn === 0 ? text + finding.join('') : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    answered: () => answered,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function startWith(port: number) {
  fs.mkdirSync(scratch.of('prometheus'));
  const [config] = yamlOf('prometheus/prometheus.yml') as { scrape_configs: object[] }[];
  const targets = Array.from({ length: nodes }, (_, node) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { instance: `node-${node}:9753`, __param_node: String(node) },
  }));
  const jobs = config?.scrape_configs.map((job) => ({ ...job, static_configs: targets }));
  fs.writeFileSync(
    scratch.of('prometheus/prometheus.yml'),
    stringify({ ...config, scrape_configs: jobs, ...(values['without-rules'] ? { rule_files: [] } : {}) }),
  );
  fs.copyFileSync(`${deploy}/prometheus/rtwatch.rules.yml`, scratch.of('prometheus/rtwatch.rules.yml'));
  return startPrometheus(scratch, 'prometheus');
}

async function countOf(url: string, selector: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(`count(${selector})`)}`);
  const { data } = (await response.json()) as { data: { result: readonly { value: readonly [number, string] }[] } };
  return data.result[0]?.value[1] ?? '0';
}
