import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KeyRecorder } from '../../src/app/actions/key-recorder.ts';
import { ok } from '../../src/sample/reading.ts';
import type { OwnLog } from '../../src/view/terminal/pages/own-log.ts';
import { startingState } from '../../src/wire/link.ts';
import { openRecording } from '../../src/wire/recording/reader.ts';
import { httpHeap, stopLeakDump } from '../support/goroutines.ts';
import { closeApp, enter, escapeKey, openApp as open, refused } from '../support/open-app.tsx';
import * as make from '../support/samples.ts';
import { idOf } from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { waitFor } from '../support/wait-for.ts';

afterEach(closeApp);
afterEach(() => void vi.useRealTimers());

describe('the live screen', () => {
  test('shows what the samples say, as they come', async () => {
    const app = open(scenes.unanswered);
    await app.shows('waiting for the first sample');
    for (const sample of scenes.stopLeak) app.feed.onSample(sample);
    await app.shows('is frozen');
  });

  test('moves, focuses, zooms and comes back', async () => {
    const app = open(scenes.stopLeak);
    await app.onContainers();
    app.press('j');
    await app.shows(/▸logging\//);
    app.press('3');
    await app.shows(/▸ *28816/);
    app.press('z');
    await waitFor('one pane alone', () => !app.frame().includes('2 Containers'));
    app.press('z');
    await app.shows('2 Containers');
  });

  test('takes several keys that arrive at once', async () => {
    const app = open(scenes.stopLeak);
    await app.onContainers();
    app.press('3jj');
    await app.shows(/▸ *26268/);
  });

  test('reads a key in the light of those that arrived with it', async () => {
    const app = open(scenes.stopLeak, refused);
    await app.onContainers();
    app.press('/q');
    await app.shows('no row matches the filter');
    expect(app.closed()).toBe(false);
    app.press(escapeKey);
    await app.shows(/▸.*kube-system\/fluentd/);
    app.press('1d');
    await app.shows('no dump of dockerd');
  });

  test('filters while it is typed, and keys are letters then', async () => {
    const app = open(scenes.stopLeak);
    await app.onContainers();
    app.press('/');
    await app.shows('filter:');
    app.press('quiz');
    await app.shows('no row matches the filter');
    app.press('\u007f\u007f\u007f\u007f');
    await app.shows(/▸.*kube-system\/fluentd/);
    app.press('web');
    await app.shows(/▸.*web-1/);
    app.press(enter);
    await waitFor('the end of typing', () => !app.frame().includes('filter:'));
    expect(app.frame()).toContain('/web');
  });

  test('holds still while it is paused, and goes on with what came meanwhile', async () => {
    const app = open(scenes.healthy);
    await app.shows('web-1');
    app.press(' ');
    await app.shows('paused');
    for (const sample of scenes.stopLeak) app.feed.onSample(sample);
    await app.shows(/paused, [1-9]/);
    expect(app.frame()).toContain('nothing found');
    app.press(' ');
    await app.shows('is frozen');
  });

  test('goes back in the hour before, also from under a page, and on to now', async () => {
    const app = open([...scenes.healthy, ...scenes.stopLeak.slice(6)]);
    await app.shows('is frozen');
    app.press('\u001b[D');
    await app.shows('12:00:07Z');
    await app.shows('space resume');
    app.press('{');
    await app.shows('12:00:00Z ●');
    await app.shows('nothing found');
    app.feed.onSample(make.sampleAt(30, scenes.stopLeak[0]?.readings ?? {}));
    await app.shows(/● *─+.* 12:00:30Z/);
    expect(app.frame()).toContain('nothing found');
    app.press(']');
    await app.shows('is frozen');
    app.press('t100%\r');
    await app.shows(/12:00:30Z *\n.*Findings/);
    app.press(' ');
    await app.shows('live 1s');
    await waitFor('no line of time', () => !app.frame().includes('space resume'));
  });

  test('has nothing to hold still before the first Sample', async () => {
    const app = open(scenes.unanswered);
    await app.shows('waiting for the first sample');
    app.press(' ');
    await app.shows('nothing to pause');
    app.press('t50%\r');
    for (const sample of scenes.healthy) app.feed.onSample(sample);
    await app.shows('web-1');
  });

  test('says that only a recording is played', async () => {
    const app = open(scenes.healthy);
    await app.shows('nothing found');
    app.press('>');
    await app.shows('rtwatch replay FILE');
  });

  test('says that the sampler is silent, and counts the seconds', async () => {
    const app = open(scenes.healthy);
    await app.shows('live');
    app.feed.onState({ ...startingState, status: 'silent', hangsOn: { source: 'processes', path: '/proc/9/cgroup' } });
    await app.shows('the sampler hangs reading /proc/9/cgroup');
    await app.shows(/silent [1-9]/);
  });

  test('says what is left out after it hung', async () => {
    const app = open(scenes.healthy);
    app.feed.onState({ ...startingState, status: 'live', quarantined: ['/proc/4242'] });
    await app.shows('quarantined because reading hung: /proc/4242');
  });

  test('asks for another interval, within what is allowed', async () => {
    const app = open(scenes.healthy);
    await app.shows('live 1s');
    app.press('+');
    await app.shows('live 2s');
    app.press('---');
    await app.shows('live 250ms');
    app.press('-');
    await waitFor('the requests', () => app.intervals.length === 3 || app.intervals.length === 4);
    expect(app.intervals[0]).toBe(2000);
  });

  test('has the focus on the findings while something is wrong, so that y copies what to do', async () => {
    const app = open(scenes.stopLeak);
    await app.shows(/▸critical .*is frozen/);
    app.press('y');
    await app.shows('(OSC 52): fsfreeze -u');
    app.press('2');
    await app.shows(/▸.*kube-system\/fluentd/);
  });

  test('says for some seconds that there is no such key', async () => {
    const app = open(scenes.healthy);
    await app.shows('nothing found');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    app.press('K');
    await app.shows('no such key: K (? for help)');
    vi.advanceTimersByTime(2999);
    expect(app.frame()).toContain('no such key');
    vi.advanceTimersByTime(1);
    await waitFor('the end of the message', () => !app.frame().includes('no such key'));
    app.press('\u000b');
    await app.shows('no such key: ^K');
  });

  test('goes from a page to a pane by its number', async () => {
    const app = open(scenes.stopLeak);
    await app.shows('kube-system/');
    app.press(enter);
    await app.shows('what to do');
    app.press('3');
    await app.shows(/▸ *28816/);
    expect(app.frame()).not.toContain('what to do');
  });

  test('closes the link when it is quit', async () => {
    const app = open(scenes.healthy);
    await app.shows('nothing found');
    app.press('q');
    await waitFor('the end of the link', app.closed);
  });
});

describe('a dump', () => {
  test('is of the daemon in focus, and says where the file is', async () => {
    const asked: string[] = [];
    const path = '/root/.local/state/rtwatch/dockerd-goroutines-2026-11-21T12-00-00-000Z.txt';
    const app = open(scenes.stopLeak, {
      ...refused,
      dump: (daemon, endpoint) => {
        asked.push(`${daemon} ${endpoint}`);
        return Promise.resolve({ path, goroutines: 5255, bytes: 4_000_000, truncated: false });
      },
    });
    await app.onContainers();
    app.press('1');
    await app.shows('▸dockerd');
    app.press('d');
    await app.shows('5,255 goroutines of dockerd');
    expect(asked).toEqual(['dockerd unix:///var/run/docker.sock']);
    expect(app.frame().replaceAll(/\s*\n\s*/g, '')).toContain(path);
  });

  test('asks which daemon when none is in focus', async () => {
    const asked: string[] = [];
    const app = open(scenes.stopLeak, {
      ...refused,
      dump: (daemon) => {
        asked.push(daemon);
        return Promise.resolve({ path: '/x', goroutines: 1, bytes: 1, truncated: true });
      },
    });
    await app.onContainers();
    app.press('d');
    await app.shows('Dump the goroutines of which daemon?');
    app.press('j');
    await app.shows('▸ containerd');
    app.press(enter);
    await app.shows('cut at 64 MiB by the daemon');
    expect(asked).toEqual(['containerd']);
  });

  test('that fails says why', async () => {
    const app = open(scenes.stopLeak, refused);
    await app.onContainers();
    app.press('1');
    await app.shows('▸dockerd');
    app.press('d');
    await app.shows('no dump of dockerd: connection refused');
  });

  test('is not possible of a node that is somewhere else', async () => {
    const app = open(scenes.stopLeak);
    await app.onContainers();
    app.press('1');
    await app.shows('▸dockerd');
    app.press('d');
    await app.shows('run rtwatch there');
  });
});

describe('the goroutines of a daemon', () => {
  const given = (stops: number) => ({ name: 'dockerd', report: stopLeakDump(stops), growth: null, note: null });

  test('are explained, and compared with the dump before', async () => {
    const stops = [60, 760];
    const app = open(scenes.stopLeak, { ...refused, goroutines: () => Promise.resolve(given(stops.shift() ?? 0)) });
    await app.onContainers();
    app.press('1x');
    await app.shows('for 2 containers');
    expect(app.frame()).not.toContain('since the previous dump');
    app.press('x');
    await app.shows('+1,400');
    app.press(escapeKey);
    await app.shows('2 Containers');
  });

  test('that cannot be had say why, and that a signal may help', async () => {
    const app = open(scenes.stopLeak, refused);
    await app.onContainers();
    app.press('1x');
    await app.shows('HTTP 404');
    await app.shows('D dumps with SIGUSR1');
  });

  test('are asked for by signal only when that was confirmed', async () => {
    const sent: string[] = [];
    const outcome = { path: '/run/docker/goroutine-stacks-x.log', goroutines: 64, bytes: 9000, truncated: false };
    const app = open(scenes.stopLeak, {
      ...refused,
      signalDump: (daemon, pid) => {
        sent.push(`${daemon} ${pid}`);
        return Promise.resolve(outcome);
      },
    });
    await app.onContainers();
    app.press('1D');
    await app.shows('It writes its stacks and goes on.');
    app.press(escapeKey);
    await app.shows('2 Containers');
    expect(sent).toEqual([]);
    app.press('D');
    await app.shows('Enter send');
    app.press(enter);
    await app.shows('/run/docker/goroutine-stacks-x.log');
    expect(sent).toEqual(['dockerd 901']);
  });

  test('are dumped only after a question when there are very many', async () => {
    const many = make.sampleAt(20, { daemons: ok(make.daemons(make.dockerd({ goroutines: ok(52_000, 1) })), 1) });
    const app = open([...scenes.stopLeak, many], refused);
    await app.shows('52,000');
    app.press('1d');
    await app.shows('dockerd has 52,000 goroutines.');
    app.press(enter);
    await app.shows('no dump of dockerd: connection refused');
  });
});

describe('the heap of a daemon', () => {
  test('is grouped by function and compared with the previous profile', async () => {
    const connections = [10, 1500];
    const app = open(scenes.stopLeak, { ...refused, heap: () => Promise.resolve(httpHeap(connections.shift() ?? 0)) });
    await app.onContainers();
    app.press('1h');
    await app.shows('bufio.NewReaderSize');
    app.press('h');
    await app.shows('since the previous profile');
    await app.shows('about 1,500 connections');
  });
});

describe('an inspect', () => {
  test('opens at once, and fills when the engine answers', async () => {
    const answer = Promise.withResolvers<string>();
    const asked: string[] = [];
    const app = open(scenes.stopLeak, {
      ...refused,
      inspect: (id) => {
        asked.push(id);
        return answer.promise;
      },
    });
    await app.onContainers();
    app.press('i');
    await app.shows('asking the engine');
    expect(asked).toEqual([idOf('a9')]);
    answer.resolve(JSON.stringify({ State: { Status: 'running', Pid: 26_138 } }));
    await app.shows('26138');
    app.press(escapeKey);
    await app.shows('2 Containers');
  });

  test('that the engine does not answer says so', async () => {
    const app = open(scenes.stopLeak, refused);
    await app.onContainers();
    app.press('i');
    await app.shows('no answer within 5s');
  });

  test('needs a container', async () => {
    const app = open(scenes.stopLeak, refused);
    await app.onContainers();
    app.press('5');
    await app.shows('▸vda');
    app.press('i');
    await app.shows('select a container');
  });
});

describe('the findings', () => {
  test('take the focus with 0, are chosen with the arrows and opened with Enter', async () => {
    const app = open(scenes.stopLeak, refused);
    await app.onContainers();
    app.press('0jjjj');
    await app.shows(/▸critical logging\/shipper-0/);
    app.press(enter);
    await app.shows('what to do');
    app.press(escapeKey);
    await app.shows('2 Containers');
    app.press('2');
    await app.shows(/▸.*kube-system\/fluentd/);
  });

  test('lead on to an inspect and to the log lines of their container, and back', async () => {
    const app = open(scenes.stopLeak, refused);
    await app.onContainers();
    app.press(`0${enter}`);
    await app.shows('what to do');
    app.press('i');
    await app.shows('no answer within 5s');
    app.press('l');
    await app.shows('Log lines about');
    app.press(escapeKey);
    await app.shows('no answer within 5s');
    app.press(escapeKey);
    await app.shows('what to do');
  });
});

describe('the links', () => {
  test('lead from a finding to what it names, from there to the findings that name it, and back', async () => {
    const app = open(scenes.stopLeak);
    await app.onContainers();
    app.press(`0${enter}`);
    await app.shows(/▸ fsfreeze -u/);
    app.press('\t');
    await app.shows(/▸ container kube-system\/fluentd/);
    app.press('y');
    await app.shows(`(OSC 52): ${idOf('a9')}`);
    app.press(enter);
    await app.shows(/critical +▸ \/data/);
    app.press('\t');
    await app.shows(/critical +▸ kube-system/);
    app.press(enter);
    await app.shows('╭ Finding ─');
    app.press('\u000f');
    await app.shows(/critical +▸ kube-system/);
    app.press('\u000f');
    await app.shows(/▸ container kube-system\/fluentd/);
    app.press('\u000f');
    await app.shows('nothing to go back to');
  });
});

describe('the log page of a container', () => {
  test('follows what the container writes for as long as it is open', async () => {
    const followed: string[] = [];
    const change: ((log: OwnLog) => void)[] = [];
    const app = open(scenes.stopLeak, {
      ...refused,
      followLog: (id, onChange) => {
        followed.push(id);
        change.push(onChange);
        return () => followed.push('stopped');
      },
    });
    await app.onContainers();
    app.press('l');
    await waitFor('the follower', () => change[0]);
    expect(followed).toEqual([idOf('a9')]);
    const own = { origin: 'x', unit: 'other', sign: 'stderr', container: null, pid: null, isOwn: true } as const;
    const lines = [{ ...own, n: 0, at: null, text: 'no such table: users' }];
    change[0]?.({ path: '/var/log/pods/a/0.log', lines, trouble: null });
    await app.shows('stderr no such table: users');
    expect(app.frame()).toContain('/var/log/pods/a/0.log');
    app.press('l');
    await waitFor('its end', () => followed.includes('stopped'));
    expect(app.frame()).not.toContain('no such table');
    app.press('l');
    await waitFor('another', () => change[1]);
    app.press(escapeKey);
    await app.shows('2 Containers');
    expect(followed).toEqual([idOf('a9'), 'stopped', idOf('a9'), 'stopped']);
  });
});

describe('copying', () => {
  test('sends the terminal what is chosen, and says so', async () => {
    const app = open(scenes.stopLeak);
    await app.onContainers();
    app.press('y');
    await app.shows('sent to clipboard (OSC 52):');
    expect(app.frame()).toContain(idOf('a9'));
    app.press('3y');
    await app.shows('(OSC 52): 28816');
    app.press(`0${enter}y`);
    await waitFor('the third', () => app.written.length === 3);
    const texts = app.written.map((sequence) => {
      const [, base64 = ''] = /^\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007$/.exec(sequence) ?? [];
      return Buffer.from(base64, 'base64').toString();
    });
    expect(texts.slice(0, 2)).toEqual([idOf('a9'), '28816']);
    expect(texts[2]).not.toBe('');
  });

  test('says when there is nothing to copy', async () => {
    const app = open(scenes.stopLeak);
    await app.onContainers();
    app.press('?y');
    await app.shows('nothing to copy');
    expect(app.written).toEqual([]);
  });
});

describe('a search', () => {
  const json = JSON.stringify({
    Config: { Labels: Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`l${n}`, `v${n}`])) },
  });

  test('goes through a page as it is typed, and on with n and N', async () => {
    const app = open(scenes.stopLeak, { ...refused, inspect: () => Promise.resolve(json) });
    await app.onContainers();
    app.press('i');
    await app.shows('OOM killed');
    expect(app.frame()).not.toContain('"v77"');
    app.press('/v7');
    await app.shows('search: v7_');
    await app.shows('1 of 11');
    app.press(`${enter}`);
    await app.shows('n next');
    app.press('nnn');
    await app.shows('4 of 11');
    app.press('N');
    await app.shows('3 of 11');
    app.press('NNN');
    await app.shows('11 of 11');
    expect(app.frame()).toContain('"v79"');
    app.press(escapeKey);
    await waitFor('the end of the search', () => !app.frame().includes('of 11'));
    expect(app.frame()).toContain('"v79"');
    app.press(escapeKey);
    await app.shows('2 Containers');
  });

  test('takes letters for letters, also those of commands', async () => {
    const app = open(scenes.stopLeak, { ...refused, inspect: () => Promise.resolve(json) });
    await app.onContainers();
    app.press('i');
    await app.shows('OOM killed');
    app.press('/qeny');
    await app.shows('/qeny_ no match');
    expect(app.closed()).toBe(false);
    expect(app.written).toEqual([]);
  });
});

describe('the log lines', () => {
  test('come as they are written, and stay where one reads', async () => {
    const line = (n: number) => ({
      n,
      at: make.noon + n * 1000,
      origin: 'journal',
      unit: 'dockerd' as const,
      sign: 'stop-force',
      pid: null,
      container: idOf('a9'),
      text: `line number ${n}.`,
    });
    const logged = (second: number, from: number, to: number) =>
      make.sampleAt(second, {
        logs: ok(make.logs({ lines: Array.from({ length: to - from }, (_, n) => line(from + n)) }), 1),
      });
    const app = open([...scenes.stopLeak, logged(9, 0, 50)], refused);
    await app.onContainers();
    app.press('l');
    await app.shows('line number 49.');
    app.feed.onSample(logged(10, 50, 52));
    await app.shows('line number 51.');
    app.press('k');
    await waitFor('the line above', () => !app.frame().includes('line number 51.'));
    app.feed.onSample(logged(11, 52, 54));
    await app.shows('3 more lines');
    app.press('G');
    await app.shows('line number 53.');
  });

  test('say why there are none', async () => {
    const app = open(scenes.broken, refused);
    await app.shows('nothing found so far');
    app.press('l');
    await app.shows('--log FILE');
  });
});

test('secrets are in no frame before they are asked for', async () => {
  const env = 'DB_PASSWORD=s3cr3t-value';
  const json = JSON.stringify({ Path: 'x', Args: ['--token=s3cr3t-value'], Config: { Env: [env] } });
  const app = open(scenes.stopLeak, { ...refused, inspect: () => Promise.resolve(json) });
  await app.onContainers();
  app.press('i');
  app.press('/db_');
  await app.shows('DB_PASSWORD=…');
  expect(app.frames().join('')).not.toContain('s3cr3t');
  app.press(`${enter}e`);
  await app.shows(env);
});

describe('a recording', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-app-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');

  test('is begun and ended by a key, and says where it is', async () => {
    const recorder = new KeyRecorder({ command: [launcher], folder });
    const app = open(scenes.healthy, null, recorder);
    await app.shows('nothing found');
    app.press('r');
    await app.shows('recording to');
    await waitFor('the writer', () => recorder.state?.status === 'recording');
    await app.shows('● rec');
    for (const sample of scenes.stopLeak) app.feed.onSample(sample);
    app.press('r');
    await app.shows('Play it: rtwatch replay');
    await waitFor('the end', () => !app.frame().includes('● rec'));
    const recording = await openRecording(recorder.state?.file ?? '');
    expect(recording.from).toBe(scenes.healthy[0]?.at);
    await recording.close();
  });

  test('that cannot be written says why, and the screen goes on', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    const app = open(scenes.healthy, null, new KeyRecorder({ command: [launcher], folder: path.join(folder, 'file') }));
    await app.shows('nothing found');
    app.press('r');
    await app.shows('recording stopped:');
    for (const sample of scenes.stopLeak) app.feed.onSample(sample);
    await app.shows('is frozen');
    expect(app.frame()).not.toContain('● rec');
  });
});

describe('a bundle', () => {
  test('says how far it is, and where it lies', async () => {
    const outcome = {
      path: '/root/.local/state/rtwatch/x.tar.gz',
      bytes: 4e6,
      entries: 30,
      missing: [],
      moreMissing: 0,
    };
    const done = Promise.withResolvers<typeof outcome>();
    const app = open(scenes.healthy, {
      ...refused,
      bundle: (onProgress) => {
        onProgress?.({ step: 'the report', entries: 7, bytes: 9000 });
        return done.promise;
      },
    });
    await app.shows('nothing found');
    app.press('b');
    await app.shows('the report, 7 files');
    done.resolve(outcome);
    await app.shows('bundle of 3.8 MiB: /root/.local/state/rtwatch/x.tar.gz');
  });

  test('that fails says why', async () => {
    const app = open(scenes.healthy, refused);
    await app.shows('nothing found');
    app.press('b');
    await app.shows('no bundle: disk full');
  });
});
