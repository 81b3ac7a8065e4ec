import fs from 'node:fs';
import type http from 'node:http';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dumpGoroutines } from '../../../src/capture/goroutines/dump.ts';
import { DebugClient } from '../../../src/collect/daemons/debug-client.ts';
import { answer, cutOff, holdTime, StandIn } from '../../collect/stand-in.ts';
import { waitFor } from '../../support/wait-for.ts';
import { temporaryFolder } from '../../support/world.ts';

const route = '/debug/pprof/goroutine';
const dump = Array.from(
  { length: 500 },
  (_, i) => `goroutine ${i + 1} [select, 3 minutes]:\nmain.main()\n\t/a.go:1\n\n`,
).join('');

async function clientOf(handler: Parameters<typeof StandIn.listen>[0][string]) {
  const server = await StandIn.listen({ [route]: handler });
  const client = DebugClient.forUrl(server.url);
  onTestFinished(() => client.close());
  return { server, client };
}

const modeOf = (file: string): string => (fs.statSync(file).mode & 0o777).toString(8);

describe('a dump', () => {
  test('is a new file that only its owner can read, with all that the daemon said', async () => {
    const { server, client } = await clientOf(answer(dump));
    const folder = `${temporaryFolder()}/state/rtwatch`;
    const outcome = await dumpGoroutines(client, 'dockerd', folder);
    expect(server.asked).toEqual([`${route}?debug=2`]);
    expect(outcome).toMatchObject({ goroutines: 500, bytes: dump.length, truncated: false });
    expect(outcome.path).toMatch(/\/state\/rtwatch\/dockerd-goroutines-[\dTZ-]+\.txt$/);
    expect(fs.readFileSync(outcome.path, 'utf8')).toBe(dump);
    expect(modeOf(outcome.path)).toBe('600');
    expect(modeOf(folder)).toBe('700');
    expect(fs.readdirSync(folder)).toHaveLength(1);
  });

  test('of CRI-O comes from the one page that it has, and no other is requested (scripted)', async () => {
    const server = await StandIn.listen({ '/debug/goroutines': answer(dump) });
    const client = DebugClient.forCrio(server.socketPath);
    onTestFinished(() => client.close());
    const outcome = await dumpGoroutines(client, 'crio', temporaryFolder());
    expect(outcome).toMatchObject({ goroutines: 500 });
    expect(server.asked).toEqual(['/debug/goroutines']);
  });

  test('leaves a folder that is there as it is', async () => {
    const { client } = await clientOf(answer(dump));
    const folder = temporaryFolder();
    fs.chmodSync(folder, 0o755);
    await dumpGoroutines(client, 'dockerd', folder);
    expect(modeOf(folder)).toBe('755');
  });

  test('never takes the place of another, not even of one of the same millisecond', async () => {
    const { client } = await clientOf(answer(dump));
    const folder = temporaryFolder();
    holdTime();
    const first = await dumpGoroutines(client, 'dockerd', folder);
    fs.writeFileSync(first.path, 'as it was');
    await dumpGoroutines(client, 'dockerd', folder).catch(() => {});
    expect(fs.readFileSync(first.path, 'utf8').slice(0, 40)).toBe('as it was');
  });

  test('does not write through a link', async () => {
    const { client } = await clientOf(answer(dump));
    const folder = temporaryFolder();
    holdTime();
    const first = await dumpGoroutines(client, 'dockerd', folder);
    fs.rmSync(first.path);
    fs.writeFileSync(`${folder}/precious`, 'precious');
    for (const name of [first.path, `${first.path}.partial`]) fs.symlinkSync(`${folder}/precious`, name);
    await expect(dumpGoroutines(client, 'dockerd', folder)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(fs.readFileSync(`${folder}/precious`, 'utf8')).toBe('precious');
  });

  test('that is still coming has a name that says so, should rtwatch end meanwhile', async () => {
    const responses: http.ServerResponse[] = [];
    const { client } = await clientOf((_, response) => {
      responses.push(response);
      response.write(dump);
    });
    const folder = temporaryFolder();
    const dumped = dumpGoroutines(client, 'dockerd', folder);
    const [coming = ''] = await waitFor('the first bytes', () => {
      const files = fs.readdirSync(folder);
      return files.length > 0 && fs.statSync(`${folder}/${files[0]}`).size > 0 ? files : null;
    });
    responses[0]?.end();
    const whole = path.basename((await dumped).path);
    expect(fs.readdirSync(folder)).toEqual([whole]);
    expect(coming).toBe(`${whole}.partial`);
  });

  test('that breaks off is kept, under a name that says so', async () => {
    const { client } = await clientOf(cutOff(dump.slice(0, 9000)));
    const folder = temporaryFolder();
    await expect(dumpGoroutines(client, 'containerd', folder)).rejects.toThrow();
    const [file = ''] = fs.readdirSync(folder);
    expect(file).toMatch(/^containerd-goroutines-.*\.txt\.partial$/);
    expect(modeOf(`${folder}/${file}`)).toBe('600');
    expect(dump.startsWith(fs.readFileSync(`${folder}/${file}`, 'utf8'))).toBe(true);
  });

  test('that the daemon refuses leaves no file', async () => {
    const { client } = await clientOf(answer('no', 404));
    const folder = temporaryFolder();
    await expect(dumpGoroutines(client, 'dockerd', folder)).rejects.toThrow('HTTP 404');
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('says when it has the length at which Go gives up', async () => {
    const block = Buffer.alloc(1024 * 1024, 'x');
    const { client } = await clientOf((_, response) => {
      response.writeHead(200);
      let left = 64;
      const send = (): void => {
        while (left-- > 0) if (!response.write(block)) return void response.once('drain', send);
        response.end();
      };
      send();
    });
    const outcome = await dumpGoroutines(client, 'dockerd', temporaryFolder());
    expect(outcome).toMatchObject({ truncated: true, bytes: 64 * 1024 * 1024, goroutines: 0 });
  });
});

test('a folder that cannot be had does not cost the daemon a dump', async () => {
  const { server, client } = await clientOf(answer(dump));
  const folder = temporaryFolder();
  fs.writeFileSync(`${folder}/file`, '');
  await expect(dumpGoroutines(client, 'dockerd', `${folder}/file/x`)).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(server.asked).toEqual([]);
});

test('a file that cannot be written does not cost the daemon a dump', async () => {
  const { server, client } = await clientOf(answer(dump));
  // No such folder below the one that is made: the file cannot be opened, whoever asks.
  await expect(dumpGoroutines(client, 'no/such', temporaryFolder())).rejects.toMatchObject({ code: 'ENOENT' });
  expect(server.asked).toEqual([]);
});
