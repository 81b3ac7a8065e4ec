import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { latency } from '../../src/export/families.ts';

/** What is wrong with some of the nodes; the others are well. */
export const sick = {
  /** Of 5,000, all with an old engine. */
  growing: 41,
  critical: ['node-00100', 'node-00101'],
  down: ['node-00200', 'node-00201'],
  silent: ['node-00300'],
} as const;

const nameOf = (index: number): string => `node-${String(index).padStart(5, '0')}`;

/**
 * The pages of many nodes as one page, with `instance` as a label: for one target with `honor_labels`.
 *
 * @param nowSeconds Unix time
 */
function pageOf(nodes: number, nowSeconds: number): string {
  let page = '';
  for (let index = 0; index < nodes; index++) page += linesOf(index, nowSeconds);
  return page;
}

function linesOf(index: number, now: number): string {
  const name = nameOf(index);
  const at = `instance="${name}:9753",job="rtwatch"`;
  if ((sick.down as readonly string[]).includes(name)) return `up{${at}} 0\n`;
  const isGrowing = index < sick.growing;
  const isCritical = (sick.critical as readonly string[]).includes(name);
  const engine = isGrowing ? '19.03.15' : '24.0.9';
  const finding = (id: string, severity: string, since: number): string =>
    `rtwatch_finding{id="${id}",severity="${severity}",${at}} 1\n` +
    `rtwatch_finding_since_seconds{id="${id}",severity="${severity}",${at}} ${since}\n`;
  const lines = [
    `up{${at}} 1`,
    `rtwatch_build_info{version="0.1.0",${at}} 1`,
    `rtwatch_node_info{hostname="${name}",kernel="5.15.0",distribution="Debian",${at}} 1`,
    `rtwatch_daemon_info{daemon="dockerd",version="${engine}",${at}} 1`,
    `rtwatch_daemon_goroutines{daemon="dockerd",${at}} ${isGrowing ? 9000 + (now % 1000) : 60}`,
    `rtwatch_pressure_ratio{resource="io",kind="some",${at}} 0.01`,
    `rtwatch_findings{severity="critical",${at}} ${isCritical ? 1 : 0}`,
    `rtwatch_findings{severity="warning",${at}} ${isGrowing ? 1 : 0}`,
    `rtwatch_rules_unjudged{${at}} 0`,
    `rtwatch_sampler_up{${at}} ${(sick.silent as readonly string[]).includes(name) ? 0 : 1}`,
    `rtwatch_last_sample_timestamp_seconds{${at}} ${now}`,
    ...latency.buckets.map((le) => `${latency.name}_bucket{daemon="dockerd",le="${le}",${at}} 7`),
  ];
  return `${lines.join('\n')}\n${isGrowing ? finding('goroutine-growth', 'warning', now - 7200) : ''}${
    isCritical ? finding('unkillable-container', 'critical', now - 600) : ''
  }`;
}

/** A server of a test, on a port that the kernel chose. */
export interface TestServer {
  /** As `127.0.0.1:39833`. */
  readonly address: string;
  readonly close: () => void;
}

/** Answers every request with that page. */
export function serveFleet(nodes: number): Promise<TestServer> {
  return listen((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(pageOf(nodes, Math.floor(Date.now() / 1000)));
  });
}

/** Passes requests on, and says each query to `onQuery`. */
export function serveProxy(target: string, onQuery: (query: string) => void): Promise<TestServer> {
  return listen((request, response) => {
    const { method, headers, url = '/' } = request;
    const onward = http.request(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const words = method === 'POST' ? new URLSearchParams(body) : new URL(url, target).searchParams;
      onQuery(words.get('query') ?? url);
      onward.end(body);
    });
  });
}

async function listen(listener: http.RequestListener): Promise<TestServer> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
