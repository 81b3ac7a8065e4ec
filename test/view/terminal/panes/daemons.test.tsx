import { describe, expect, test } from 'vitest';
import type { Model } from '../../../../src/model/model.ts';
import { absent, failed, ok, pending } from '../../../../src/sample/reading.ts';
import type { Readings } from '../../../../src/sample/sample.ts';
import { daemonsPane } from '../../../../src/view/terminal/panes/daemons.ts';
import { daemonDetails } from '../../../../src/view/terminal/panes/daemons-details.ts';
import { paneText, plainTheme } from '../../../support/render.tsx';
import * as make from '../../../support/samples.ts';
import { fdLeak, healthy, modelOf, odd } from '../../../support/scenes.ts';

/** The page of one daemon as text. */
function detailsText(model: Model, name: string): string {
  const daemon = model.daemons.find((candidate) => candidate.name === name);
  if (daemon === undefined) throw new Error(`no ${name}`);
  const lines = daemonDetails(daemon, plainTheme, model).map((line) => line.map(({ text }) => text).join(''));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

describe('a daemon that leaks descriptors', () => {
  const model = modelOf(fdLeak);

  test.each(['60x10', '80x10', '120x10'])('shows by how much and until when at %s', async (size) => {
    const text = paneText('daemons', model, size);
    expect(text).toContain('+12/min');
    await expect(text).toMatchFileSnapshot(`../../../../snapshots/terminal/daemons/fd-leak.${size}.txt`);
  });

  test('has a page with its descriptors by kind and its settings', async () => {
    const text = detailsText(model, 'dockerd');
    expect(text).toContain('without a peer');
    expect(text).toContain('live-restore');
    await expect(text).toMatchFileSnapshot('../../../../snapshots/terminal/daemons/fd-leak.details.txt');
  });

  test('has a growth that can be sorted by', () => {
    const [, , first] = paneText('daemons', model, '120x10', false, { sortBy: 'growth' }).split('\n');
    expect(first).toContain('dockerd');
  });
});

describe('goroutines that grow', () => {
  const grown = modelOf(
    [54, 200, 660].map((goroutines, second) =>
      make.sampleAt(second, { daemons: ok(make.daemons(make.dockerd({ goroutines: ok(goroutines, 1) })), 3) }),
    ),
  );

  test('show in the pane what they grew from, and those that stay do not', () => {
    expect(paneText('daemons', grown, '120x10')).toMatch(/dockerd +54→660 /);
    expect(paneText('daemons', modelOf(healthy), '120x10')).not.toContain('→');
  });
});

test('a pane that is folded does not say that a dockerd is missing while one listens elsewhere', () => {
  const missing = make.dockerd({
    process: absent('no dockerd process listens on unix:///var/run/docker.sock'),
    goroutines: absent('no such socket'),
    ping: absent('no such socket'),
    version: absent('no such socket'),
  });
  const model = modelOf([make.sampleAt(0, { daemons: ok(make.daemons(missing, make.containerd()), 1) })]);
  const folded = (otherDaemons: Model['otherDaemons']): string =>
    daemonsPane
      .folded?.({ ...model, otherDaemons })
      .map(({ text }) => text)
      .join('') ?? '';
  expect(folded([])).toBe('dockerd not found · containerd 51 goroutines');
  expect(folded([{ name: 'dockerd', pid: 812, sockets: [] }])).toBe(
    'dockerd on another socket · containerd 51 goroutines',
  );
});

test('how to watch another dockerd of the node is shown whole, however narrow the pane is', () => {
  const socket = 'unix:///run/another-engine-of-this-node/with-a-long-path/docker.sock';
  const model = { ...modelOf(healthy), otherDaemons: [{ name: 'dockerd' as const, pid: 812, sockets: [socket] }] };
  const text = paneText('daemons', model, '60x12');
  expect(text).toContain('also here: dockerd (pid 812), to watch it');
  expect(text.replaceAll(/[\s│]/gu, '')).toContain(`--docker-host${socket}`);
});

test('the page of a daemon without a process says so, and shows no descriptors', () => {
  const model = modelOf(healthy);
  const daemons = model.daemons.map((daemon) => ({ ...daemon, process: null, fdKinds: null, mountNamespace: null }));
  const text = detailsText({ ...model, daemons, fileHandles: null }, 'containerd');
  expect(text).toMatch(/^descriptors\s+– of –(?: |$)/m);
  expect(text).not.toContain('sockets');
});

test('nothing of what a daemon says reaches the terminal unwashed', () => {
  const model = modelOf(odd);
  const hostile = 'a\u001b[2Jb';
  const daemons = model.daemons.map((daemon) => ({
    ...daemon,
    mountNamespace: hostile,
    settings: {
      rootDir: hostile,
      storageDriver: hostile,
      cgroupDriver: hostile,
      cgroupVersion: hostile,
      loggingDriver: hostile,
      liveRestore: false,
      debug: true,
    },
  }));
  for (const line of detailsText({ ...model, daemons }, 'dockerd').split('\n')) {
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  }
});

describe('on a node without an engine', () => {
  const paneOf = (
    runtime: Parameters<typeof make.cri>[0],
    containers: NonNullable<Readings['containers']> = absent('no container engine at unix:///var/run/docker.sock'),
    daemons: NonNullable<Readings['daemons']> = ok(make.daemons(), 1),
  ): string => {
    const [first] = healthy;
    const readings = {
      ...first?.readings,
      containers,
      daemons,
      cri: ok(make.cri(runtime), 1),
    };
    return paneText('daemons', modelOf([make.sampleAt(0, readings)]), '80x10');
  };

  test('the times of containerd are shown, not that an engine is missing', () => {
    const text = paneOf({});
    expect(text).toContain('containerd ping 1ms · list 3ms · events live');
    expect(text).not.toContain('no container engine');
  });

  test('a list that hangs and a containerd without the CRI are shown as that', () => {
    expect(paneOf({ containerList: pending(45_000, 'no answer yet') })).toContain('list unanswered 45s');
    expect(paneOf({ containerList: absent('this containerd has no CRI') })).toContain('list no CRI');
  });

  test('one that was named is said to be missing, and the ping of containerd is not called its own', () => {
    const missing = failed('no container engine at unix:///x.sock');
    const text = paneOf({}, missing, ok(make.daemons(make.dockerd(make.goneDaemon), make.containerd()), 1));
    expect(text).toContain('no container engine at unix:///x.sock');
    expect(text).toContain('containerd ping 1ms · list 3ms · events live');
    expect(text).not.toMatch(/api ping|no answer/);
  });
});
