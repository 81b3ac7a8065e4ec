import { expect, onTestFinished, test } from 'vitest';
import { gatherProfiles } from '../../../src/capture/bundle/daemon-profiles.ts';
import { DaemonTalk } from '../../../src/capture/bundle/daemon-talk.ts';
import { gatherEngine, gatherInspects } from '../../../src/capture/bundle/engine-answers.ts';
import { BundleParts } from '../../../src/capture/bundle/parts.ts';
import { DebugClient } from '../../../src/collect/daemons/debug-client.ts';
import { answer, cutOff, type Handler, StandIn } from '../../collect/stand-in.ts';
import { idOf } from '../../support/samples.ts';

const index = "<tr><td>3</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>";

interface Scene {
  readonly daemon: StandIn;
  readonly talk: DaemonTalk;
  readonly parts: BundleParts;
  readonly contents: Map<string, string>;
  readonly because: (what: string) => string | undefined;
}

/** The deadline of the newest question: it passes when `neverInTime` has heard the question, and not before. */
let deadline = new AbortController();
const neverInTime: Handler = () => deadline.abort();

async function open(routes: Record<string, Handler>, ms = 60_000): Promise<Scene> {
  const daemon = await StandIn.listen(routes);
  const client = DebugClient.forUrl(daemon.url);
  onTestFinished(() => client.close());
  const contents = new Map<string, string>();
  const add = async (path: string, bytes: Uint8Array): Promise<void> =>
    void contents.set(path, Buffer.from(bytes).toString());
  const parts = new BundleParts({ add }, 1e6);
  return {
    daemon,
    parts,
    contents,
    talk: new DaemonTalk(
      (path, signal) => client.stream(path, signal),
      performance.now() + ms,
      () => {
        deadline = new AbortController();
        return deadline.signal;
      },
    ),
    because: (what) => parts.missing.find((part) => part.what === what)?.because,
  };
}

test('of an answer that breaks off, what arrived is kept and its end is reported', async () => {
  const { talk } = await open({ '/x': cutOff('half of it') });
  const { bytes, cut } = await talk.get('/x', 20_000, 1000);
  expect(Buffer.from(bytes).toString()).toBe('half of it');
  expect(cut).toMatch(/^broke off: /);
});

test('an answer is taken up to its bound', async () => {
  const { talk } = await open({ '/x': answer('x'.repeat(100)) });
  const { bytes, cut } = await talk.get('/x', 20_000, 10);
  expect([bytes.length, cut]).toEqual([10, 'cut off at 10 bytes']);
});

test('a daemon that let two questions pass in silence is not asked a third', async () => {
  const { talk, daemon } = await open({ '/x': neverInTime });
  for (const round of [1, 2]) await expect(talk.get('/x', 20, 10), `${round}`).rejects.toThrow(/no answer within/);
  await expect(talk.get('/x', 20, 10)).rejects.toThrow('not requested: earlier requests got no answer');
  expect(daemon.count('/x')).toBe(2);
});

test('when the time is up nothing is asked any more', async () => {
  const { talk, daemon } = await open({ '/x': answer('x') }, 0);
  await expect(talk.get('/x', 20, 10)).rejects.toThrow('not requested: no time left');
  expect(daemon.asked).toEqual([]);
});

test('where a daemon does not say how many goroutines it has, they are taken folded', async () => {
  const { talk, parts, daemon } = await open({
    '/debug/pprof/goroutine': answer('goroutine profile: total 3'),
    '/debug/pprof/heap': answer('heap'),
  });
  await gatherProfiles(talk, parts, { daemon: 'containerd', full: false });
  expect(parts.entries.map(({ path }) => path)).toEqual([
    'daemons/containerd/goroutines.debug1.txt',
    'daemons/containerd/heap.pb.gz',
  ]);
  expect(daemon.asked).toContain('/debug/pprof/goroutine?debug=1');
});

test('a daemon without debug pages is reported as such', async () => {
  const { talk, parts, because } = await open({ '/debug/pprof/': answer(index) });
  await gatherProfiles(talk, parts, { daemon: 'dockerd', full: false });
  expect(because('daemons/dockerd/goroutines.debug2.txt')).toBe('no debug endpoint (HTTP 404)');
  expect(because('daemons/dockerd/heap.pb.gz')).toBe('no debug endpoint (HTTP 404)');
});

test('JSON that is none, or is cut, is not passed on: its secrets could not be hidden', async () => {
  const { talk, parts, because, contents } = await open({
    '/version': answer('{"a":1}'),
    '/info': answer('secret'),
    '/containers/json': cutOff('[{"Env":["A=secret"'),
  });
  await gatherEngine(talk, parts, (value) => value);
  expect([...contents.keys()]).toEqual(['engine/version.json']);
  expect(because('engine/info.json')).toBe('the answer is not JSON');
  expect(because('engine/containers.json')).toMatch(/^broke off/);
});

test('an inspect that is open already is not sent again; one lock that is held does not hide the others', async () => {
  const [open1, held, fine] = [idOf('a'), idOf('b'), idOf('c')];
  const { talk, parts, because, contents, daemon } = await open({
    '/version': answer('{}'),
    [`/containers/${open1}/json`]: answer('{}'),
    [`/containers/${held}/json`]: neverInTime,
    [`/containers/${fine}/json`]: answer('{}'),
  });
  await gatherInspects(talk, parts, (value) => value, [
    { id: open1, openMs: 12_000 },
    { id: held, openMs: null },
    { id: fine, openMs: null },
  ]);
  expect([...contents.keys()]).toEqual([`containers/${fine}.json`]);
  expect(because(`containers/${open1}.json`)).toBe('an inspect has been open for 12s; no second one sent');
  expect(because(`containers/${held}.json`)).toMatch(/no answer within 2\.5s/);
  expect([daemon.count(`/containers/${open1}/json`), daemon.mostOpen]).toEqual([0, 1]);
});
