import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Healthz } from '../../../src/collect/daemons/healthz.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { World } from '../../../src/collect/world.ts';
import { Tree } from '../../support/world.ts';

const world = new World({ procfs: '/proc', sysfs: '/sys', rootfs: '/' });

/** A kubelet as far as its health check goes: this process stands for it. */
async function kubelet(answer: http.RequestListener) {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, port };
}

function open(port: number, at = world): { healthz: Healthz; poll: () => Promise<void> } {
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const entry = table.entries.get(process.pid);
  if (entry === undefined) throw new Error('this process is not in the table');
  const healthz = new Healthz(at, `http://127.0.0.1:${port}`);
  onTestFinished(() => healthz.close());
  return { healthz, poll: () => healthz.poll(entry) };
}

test('a kubelet that is well is asked for nothing but its health, and once in ten seconds', async () => {
  const { asked, port } = await kubelet((_, response) => response.end('ok'));
  const { healthz, poll } = open(port);
  for (let count = 0; count < 3; count++) await poll();
  expect(healthz.reading.status).toBe('ok');
  expect(asked).toEqual(['/healthz']);
});

test('one whose sync loop stands still says so', async () => {
  const { port } = await kubelet((_, response) => response.writeHead(500).end('[-]syncloop failed'));
  const { healthz, poll } = open(port);
  await poll();
  expect(healthz.reading).toMatchObject({ status: 'failed', detail: expect.stringContaining('HTTP 500') });
});

test('one that listens elsewhere, or in another network, is calm', async () => {
  const { asked, port } = await kubelet((_, response) => response.end('ok'));
  const other = open(port, new Tree().world());
  await other.poll();
  expect(other.healthz.reading).toMatchObject({
    status: 'absent',
    detail: expect.stringContaining('network namespace'),
  });
  expect(asked).toEqual([]);
  const { healthz, poll } = open(1);
  await poll();
  expect(healthz.reading).toMatchObject({ status: 'absent', detail: expect.stringContaining('connection refused') });
});
