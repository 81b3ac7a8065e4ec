import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cleanEnv, launcher } from '../engine/rtwatch.ts';
import { run } from '../engine/run.ts';
import { Scratch } from '../engine/scratch.ts';
import { Terminal } from '../engine/terminal.ts';
import { waitFor } from '../support/wait-for.ts';
import { TestPrometheus } from './prometheus.ts';
import { serveFleet, serveProxy, sick, type TestServer } from './synthetic-fleet.ts';

const nodes = 5000;
const sickest = [...sick.critical, ...sick.down, ...sick.silent];

/** The part of `fleet --json` that is asked for here. */
interface Report {
  readonly questions: readonly { readonly trouble: string | null }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly id: string; readonly common: string; readonly nodes: readonly string[] }[];
  readonly nodes: readonly { readonly instance: string; readonly worst: string }[];
}

let scratch: Scratch;
let fleet: TestServer;
let prometheus: TestPrometheus;
let isStarted = false;
beforeAll(async () => {
  scratch = new Scratch();
  fleet = await serveFleet(nodes);
});
// Once, and again after a test that killed it.
beforeEach(async () => {
  if (!isStarted || prometheus.server.child.signalCode !== null) {
    // A page of so many nodes takes a while on a busy machine.
    const scrape = { honor_labels: true, sample_limit: 0, scrape_interval: '10s', scrape_timeout: '10s' };
    prometheus = await TestPrometheus.start(scratch, `fleet-${Date.now()}`, fleet.address, scrape);
    isStarted = true;
  }
  await waitFor('all nodes to be scraped', async () => {
    const [count] = await prometheus.query('count(rtwatch_build_info)');
    return Number(count?.value[1]) === nodes - sick.down.length;
  });
});
afterAll(async () => {
  fleet?.close();
  await scratch?.close();
});

test('rtwatch fleet shows 5,000 nodes, the worst first, from at most six queries', async ({ onTestFinished }) => {
  const queries: string[] = [];
  const proxy = await serveProxy(prometheus.server.url, (query) => queries.push(query));
  onTestFinished(proxy.close);
  const args = ['fleet', '--json', '--prometheus', `http://${proxy.address}`];
  let said = '';
  // A busy machine may let a question time out: that is said, and asked again here.
  const report = await waitFor(
    'a report in which each question is answered',
    async () => {
      queries.length = 0;
      const { status, stdout, stderr } = await run(launcher, args, { cwd: scratch.path, env: cleanEnv(scratch) });
      said = `${status}: ${stderr}${stdout}`;
      const found = JSON.parse(stdout) as Report;
      return status === 2 && stderr === '' && found.questions.every(({ trouble }) => trouble === null) && found;
    },
    { timeoutMs: 100_000, everyMs: 200, detail: () => said },
  );
  expect(report.counts).toMatchObject({ nodes, critical: sick.critical.length, warning: sick.growing, notSeen: 3 });
  const first = report.nodes.slice(0, sickest.length).map(({ instance }) => instance.replace(/:\d+$/, ''));
  expect(first.toSorted()).toEqual(sickest.toSorted());
  expect(report.nodes).toHaveLength(sickest.length + sick.growing);
  const growing = report.findings.find(({ id }) => id === 'goroutine-growth');
  expect(growing?.nodes).toHaveLength(sick.growing);
  expect(growing?.common).toContain('19.03.15');
  expect(queries.length, queries.join('\n')).toBeLessThanOrEqual(6);
});

test('the screen asks at most six queries an interval, and keeps what it knows while Prometheus is stopped or gone', async ({
  onTestFinished,
}) => {
  const queries: string[] = [];
  const proxy = await serveProxy(prometheus.server.url, (query) => queries.push(query));
  onTestFinished(proxy.close);
  const { child } = prometheus.server;
  onTestFinished(() => void child.kill('SIGCONT'));
  const terminal = await Terminal.open(scratch, { columns: 120, rows: 36 });
  onTestFinished(() => terminal.close());
  await terminal.enter(`${launcher} fleet --every 2s --prometheus http://${proxy.address}`);
  const isWhole = (screen: string): boolean =>
    screen.includes('goroutine-growth') &&
    screen.includes('41 of 5,000 nodes') &&
    sickest.every((name) => screen.includes(name));
  await terminal.waitFor('all sick nodes', isWhole);

  const rounds = (): number => queries.filter((query) => query.includes('rtwatch_finding_since_seconds')).length;
  const begun = rounds();
  await waitFor('four more rounds', () => rounds() >= begun + 4);
  expect(queries.length, queries.join('\n')).toBeLessThanOrEqual(6 * rounds());

  const isTroubled = (screen: string): boolean => /Prometheus: |no answer for/.test(screen);
  child.kill('SIGSTOP');
  await terminal.waitFor('what is wrong, and what was known', (screen) => isTroubled(screen) && isWhole(screen));
  child.kill('SIGCONT');
  await terminal.waitFor('Prometheus again', (screen) => !isTroubled(screen) && isWhole(screen));

  child.kill('SIGKILL');
  await terminal.waitFor('what is wrong, and what was known', (screen) => isTroubled(screen) && isWhole(screen));
  await terminal.press('q');
  await terminal.waitFor('the prompt', (screen) => screen.trim().endsWith('#'));
});
