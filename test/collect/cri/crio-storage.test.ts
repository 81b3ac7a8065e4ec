import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RuntimeWatch } from '../../../src/collect/cri/runtime-watch.ts';
import { ScriptedCrio } from '../../support/cri/crio.ts';
import { waitFor } from '../../support/wait-for.ts';
import { answer, type Handler, neverAnswer } from '../stand-in.ts';

const info = answer(
  '{"storage_driver":"overlay","storage_root":"/var/lib/containers/storage","cgroup_driver":"systemd"}',
);
let crio: ScriptedCrio;
let watch: RuntimeWatch;

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));

afterEach(async () => {
  watch.close();
  await crio.close();
  vi.useRealTimers();
});

async function start(route: Handler): Promise<void> {
  crio = await ScriptedCrio.start({ '/info': route });
  watch = new RuntimeWatch({ kind: 'crio', socketPath: crio.socketPath, knownIds: () => [] });
}

const storage = (): unknown => watch.value('unix:///var/run/crio/crio.sock', 7).storage;
const asked = (): number => crio.http.asked.filter((path) => path === '/info').length;

test('CRI-O is asked once where its containers are, and again when another process listens there', async () => {
  await start(info);
  await waitFor('the storage', () => {
    void watch.poll();
    return storage() !== undefined;
  });
  expect(storage()).toEqual({ root: '/var/lib/containers/storage', driver: 'overlay' });
  vi.advanceTimersByTime(3_600_000);
  await watch.poll();
  expect(asked()).toBe(1);
  watch.expire();
  await watch.poll();
  expect(asked()).toBe(2);
});

test('an answer that is none leaves the rest alone, and is asked for again after a minute', async () => {
  await start(answer('not found', 404));
  await watch.poll();
  await watch.poll();
  expect(storage()).toBeUndefined();
  expect(watch.value('unix:///x', 7).ping.status).toBe('ok');
  expect(asked()).toBe(1);
  vi.advanceTimersByTime(61_000);
  await watch.poll();
  expect(asked()).toBe(2);
});

test('no answer holds up neither the ping nor the lists', async () => {
  await start(neverAnswer);
  void watch.poll();
  await waitFor('the lists', () => {
    void watch.poll();
    return watch.value('unix:///x', 7).containerList.status === 'ok';
  });
  expect(storage()).toBeUndefined();
});
