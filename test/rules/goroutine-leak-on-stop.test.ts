import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { goroutineLeakOnStop } from '../../src/rules/goroutine-leak-on-stop.ts';
import type { ContainerValue, PendingKill } from '../../src/sample/containers.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import { absent, failed, ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import { wordsOf } from '../support/findings.ts';
import { recordedStacks } from '../support/recorded-stacks.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const version = (text: string): Pick<DaemonValue, 'version'> => ({
  version: ok({ version: text, goVersion: null, product: null }, 1),
});
const old = version('19.03.15');
/** Told to end a while ago, by SIGKILL too: it cannot. */
const unkillable = (id: string, name: string): ContainerValue =>
  make.container(id, name, { kill: make.pendingKill({ firstAt: make.noon - 90_000, lastAt: make.noon - 20_000 }) });
/** SIGTERM a moment ago, within the grace period. */
const grace: PendingKill = make.pendingKill({
  firstAt: make.noon - 3000,
  lastAt: make.noon - 3000,
  count: 1,
  signal: 15,
});

interface Node {
  readonly dockerd?: Partial<DaemonValue>;
  readonly containers?: ContainerValue[];
  readonly stacks?: FoldedStack[] | null;
  readonly forced?: number;
}

const node = (second: number, { dockerd = old, containers = [], stacks = null, forced = 0 }: Node): Sample =>
  make.sampleAt(second, {
    daemons: ok(make.daemons(make.dockerd(dockerd), make.containerd()), 1),
    containers: ok(make.containers(containers), 1),
    stacks: ok(stacks === null ? make.stacks({ dockerd: null }) : make.stacks({ dockerd: stacks }, 1 + second / 30), 1),
    logs: ok(make.logs({ tallies: forced === 0 ? [] : [make.logTally('direct-sigkill', null, { count: forced })] }), 1),
  });
const judge = (...samples: Sample[]): readonly Finding[] => run([goroutineLeakOnStop], modelOf(samples)).findings;
const waiting = (count: number): FoldedStack[] => [make.dockerMain(), make.eventStreams(), make.stopWaits(count)];

describe('stops of containers that cannot exit, on dockerd 19.03', () => {
  const stuck = [unkillable('fb', 'shipper'), unkillable('c3', 'fluentd')];
  const [finding] = judge(
    node(0, {
      containers: stuck,
      stacks: recordedStacks('stop-leak-t2.dockerd'),
      forced: 1520,
      dockerd: {
        ...old,
        process: ok(make.daemonProcess({ fds: 1570, fdLimit: 20_000, rssBytes: 186 * 1024 ** 2 }), 1),
        settings: ok(make.settings({ liveRestore: true }), 1),
      },
    }),
  );

  test('are reported with how many wait, for whom, and what it costs', () => {
    expect(finding).toMatchObject({
      severity: 'critical',
      confidence: 'certain',
      title: 'dockerd leaks with each stop: 1,520 requests wait for 2 containers to exit',
      subjects: { containers: [make.idOf('fb'), make.idOf('c3')].toSorted(), daemons: ['dockerd'] },
    });
    expect(wordsOf(finding)).toContain('19.03.15 waits for ever');
    expect(wordsOf(finding)).toContain('fixed in 20.10.10');
    expect(wordsOf(finding)).toContain('1,520 of 3,097 goroutines in Kill or containerStop, and 1,520 in State.Wait');
    expect(wordsOf(finding)).toContain('1,570 descriptors of 20,000');
    expect(wordsOf(finding)).toContain('186 MiB resident');
  });

  test('are not due to lost events, and it is said why', () => {
    expect(finding?.ruledOut).toMatchObject([
      { id: 'lost-event-stream', because: expect.stringMatching(/^2 goroutines/) },
    ]);
  });

  test('come with what a restart of dockerd would do here', () => {
    const restart = finding?.remedies.find(({ command }) => command?.includes('restart'));
    expect(restart?.text).toContain('Live-restore is on here: its 2 running containers go on');
    expect(finding?.remedies.at(-1)?.text).toContain('20.10.10');
  });

  test('are reported at 120 as well as at 1,520, and not before the first', () => {
    expect(judge(node(0, { containers: stuck, stacks: recordedStacks('stop-leak-t1.dockerd') }))).toMatchObject([
      { title: expect.stringContaining('120 requests wait') },
    ]);
    expect(judge(node(0, { stacks: recordedStacks('stop-leak-t0.dockerd') }))).toEqual([]);
  });

  test('are reported from the second attempt on', () => {
    const one = [unkillable('fb', 'shipper')];
    expect(judge(node(0, { containers: one, stacks: waiting(1) }))).toEqual([]);
    expect(judge(node(0, { containers: one, stacks: waiting(2) }))).toMatchObject([
      { title: 'dockerd leaks with each stop: 2 requests wait for shipper to exit' },
    ]);
  });

  test('are reported by how many come a minute, before the containers are known to be stuck', () => {
    const [growing] = judge(
      node(0, { stacks: waiting(10) }),
      node(30, { stacks: waiting(40) }),
      node(60, { stacks: waiting(70) }),
    );
    expect(growing).toMatchObject({ confidence: 'likely' });
    expect(growing?.summary).toContain('60 more a minute');
  });
});

describe('stops in good health', () => {
  test('wait within their grace period, as many as there are containers', () => {
    const stopping = Array.from({ length: 12 }, (_, n) => make.container(`${n}a`, `web-${n}`, { kill: grace }));
    const at = (second: number, count: number): Sample =>
      node(second, { containers: stopping, stacks: waiting(count) });
    expect(judge(at(0, 12))).toEqual([]);
    expect(judge(at(0, 2), at(30, 12))).toEqual([]);
  });

  test('may be a few at a time, twice on one container, or many that pass', () => {
    expect(judge(node(0, { stacks: waiting(3) }))).toEqual([]);
    expect(judge(node(0, { containers: [make.container('a', 'web', { kill: grace })], stacks: waiting(2) }))).toEqual(
      [],
    );
    expect(judge(node(0, { stacks: waiting(40) }), node(30, { stacks: waiting(12) }))).toEqual([]);
  });

  test('of docker wait and docker run wait too, with a State.Wait each', () => {
    const stacks = [
      make.dockerMain(),
      make.eventStreams(),
      make.goroutines(40, 'github.com/docker/docker/container.(*State).Wait.func1'),
      make.goroutines(40, 'github.com/docker/docker/api/server/router/container.(*containerRouter).postContainersWait'),
    ];
    expect(judge(node(0, { containers: [unkillable('fb', 'shipper')], stacks }))).toEqual([]);
  });
});

describe('on an engine whose waits end', () => {
  const dockerd = version('20.10.24+dfsg1');
  const at = (second: number, count: number): Sample =>
    node(second, { dockerd, containers: [unkillable('fb', 'shipper')], stacks: waiting(count) });

  test('waiters come and go with the attempts', () => {
    expect(judge(at(0, 12))).toEqual([]);
    expect(judge(at(0, 12), at(30, 4), at(60, 12))).toEqual([]);
  });

  test('only a number that goes on growing is a leak', () => {
    const [finding] = judge(at(0, 12), at(30, 40), at(60, 80));
    expect(finding).toMatchObject({ confidence: 'likely' });
    expect(finding?.summary).toContain('20.10.24+dfsg1 gives each up after some 14 seconds');
  });
});

describe('without stacks', () => {
  const many = { ...old, goroutines: ok(24_000, 1) };

  test('far too many goroutines beside a container that cannot exit are reported, less surely', () => {
    const [finding] = judge(node(0, { dockerd: many, containers: [unkillable('fb', 'shipper')] }));
    expect(finding).toMatchObject({
      confidence: 'likely',
      title: 'dockerd leaks goroutines with stops that fail: 23,944 more than it needs',
      ruledOut: [],
    });
  });

  test('so do the log’s failed kills', () => {
    expect(judge(node(0, { dockerd: many, forced: 400 }))).toHaveLength(1);
  });

  test('or, with no debug page, connections whose clients are gone', () => {
    const process = make.daemonProcess({ fds: 800, fdKinds: make.fdKinds({ accepted: 700, peerless: 690 }) });
    const mute = { ...old, goroutines: failed('GET /debug/pprof/: HTTP 404'), process: ok(process, 1) };
    expect(judge(node(0, { dockerd: mute, containers: [unkillable('fb', 'shipper')] }))).toMatchObject([
      { title: 'dockerd leaks goroutines with stops that fail' },
    ]);
  });

  test('many goroutines alone, or on a newer engine, or of a busy node are none', () => {
    expect(judge(node(0, { dockerd: many }))).toEqual([]);
    const newer = { ...many, ...version('25.0.3') };
    expect(judge(node(0, { dockerd: newer, containers: [unkillable('fb', 'shipper')] }))).toEqual([]);
    const crowd = Array.from({ length: 110 }, (_, n) => make.container(n.toString(16).padStart(3, '0'), `w-${n}`));
    const busy = { ...old, goroutines: ok(720, 1) };
    expect(judge(node(0, { dockerd: busy, containers: [unkillable('fb', 'shipper'), ...crowd] }))).toEqual([]);
  });
});

test('it cannot be judged without the daemons, and is none where there is no dockerd', () => {
  const lost = modelOf([make.sampleAt(0, { daemons: failed('/proc/uptime: EACCES') })]);
  expect(run([goroutineLeakOnStop], lost).unknown).toMatchObject([{ id: 'goroutine-leak-on-stop', matters: true }]);
  expect(
    judge(node(0, { dockerd: { process: absent('no dockerd process') }, stacks: waiting(90), forced: 90 })),
  ).toEqual([]);
});
