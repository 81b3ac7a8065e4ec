import { expect, onTestFinished, test } from 'vitest';
import { RemoteLink, type RemoteLinkOptions } from '../../src/remote/remote-link.ts';
import type { Sample } from '../../src/sample/sample.ts';
import type { LinkState } from '../../src/wire/link.ts';
import { brokenSsh, nodeStream } from '../support/node-stream.ts';
import * as scenes from '../support/scenes.ts';
import { waitFor } from '../support/wait-for.ts';

function followed(command: readonly string[], options: Omit<RemoteLinkOptions, 'command'> = {}) {
  const link = new RemoteLink({ command, ...options });
  onTestFinished(() => link.close());
  const samples: Sample[] = [];
  const states: LinkState[] = [];
  link.follow({ onSample: (sample) => samples.push(sample), onState: (state) => states.push(state) });
  link.start();
  const says = (words: string): Promise<LinkState> =>
    waitFor(`a state with "${words}"`, () => states.find(({ detail }) => detail?.includes(words)) ?? null, {
      detail: () => JSON.stringify(states),
    });
  return { link, samples, states, says };
}

test('gives the samples that the program writes', async () => {
  const { samples, states } = followed(nodeStream(scenes.stopLeak));
  const count = scenes.stopLeak.length;
  await waitFor('all samples', () => samples.length >= count);
  expect(states.at(-1)?.status).toBe('live');
  expect(samples.slice(0, count)).toEqual(scenes.stopLeak);
});

test('who follows later gets what is known at once; who leaves, leaves the connection', async () => {
  const { link, samples } = followed(nodeStream(scenes.stopLeak));
  await waitFor('all samples', () => samples.length >= scenes.stopLeak.length);
  const late: Sample[] = [];
  const states: LinkState[] = [];
  const own = link.follow({ onSample: (sample) => late.push(sample), onState: (state) => states.push(state) });
  const known = (some: readonly Sample[]) => new Set(some.flatMap(({ readings }) => Object.keys(readings)));
  expect(known(late)).toEqual(known(samples));
  expect(states).toEqual([expect.objectContaining({ status: 'live' })]);
  own.close();
  expect(own.setInterval).toBeNull();
});

test('says what ssh said when there is no connection, and when it tries again', async () => {
  const { says } = followed(brokenSsh('ssh: connect to host node-1 port 22: No route to host'));
  expect(await says('No route to host')).toMatchObject({
    status: 'silent',
    restarts: 1,
    detail: 'ssh: connect to host node-1 port 22: No route to host; tries again after 1s',
  });
});

test('waits twice as long after each failure', async () => {
  const { says } = followed(brokenSsh('no'), { retryMs: 2 });
  await says('no; tries again after 2ms');
  await says('no; tries again after 4ms');
  await says('no; tries again after 16ms');
});

test('a connection that ends is made anew, and what was known stays', async () => {
  const [sample] = scenes.stopLeak;
  const { samples, states, says } = followed(['/bin/sh', '-c', `printf '%s\\n' '${JSON.stringify(sample)}'`], {
    retryMs: 2,
  });
  await says('the connection ended (exit code 0)');
  await waitFor('the second connection', () => samples.length > 1);
  const lost = states.findIndex(({ status }) => status === 'silent');
  expect(states.slice(lost).some(({ status }) => status === 'live')).toBe(true);
});

test('what is no sample is said, and the program is stopped', async () => {
  const { says } = followed(['/bin/sh', '-c', 'echo Welcome to node-1; exec sleep 600'], { retryMs: 60_000 });
  await says('is not JSON');
});

test('what is no sample is said, and a program that ignores SIGTERM is killed', async () => {
  const script = 'trap "" TERM; echo Welcome to node-1; while :; do echo more; sleep 0.01; done';
  const { says } = followed(['/bin/sh', '-c', script], { retryMs: 60_000, graceMs: 100 });
  await says('is not JSON');
});

test('a program that does not exist is said', async () => {
  const { says } = followed(['/nonexistent/ssh']);
  await says('ENOENT');
});

test('a file for its standard input that cannot be opened is said, and tried again', async () => {
  const { says } = followed(['/bin/true'], { retryMs: 2, inputFile: '/nonexistent/rtwatch' });
  await says("open '/nonexistent/rtwatch'; tries again after 4ms");
});
