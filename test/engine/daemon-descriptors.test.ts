import fs from 'node:fs';
import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { EngineSettings, FdKinds } from '../../src/sample/daemons.ts';
import { waitFor } from '../support/wait-for.ts';
import { engineNode } from './node.ts';
import type { Report, ReportedDaemon } from './rtwatch.ts';

/** rtwatch itself has connections to the engine: for the debug pages, the settings, the container list and the events. */
const ownConnections = 4;
const idle = 50;

interface Described extends ReportedDaemon {
  readonly fdKinds: FdKinds | null;
  readonly mountNamespace: string | null;
  readonly settings: EngineSettings | null;
}

const node = engineNode();
const clients: net.Socket[] = [];

test('connections that no process uses are reported as accepted, and all descriptors as the kernel lists them', async () => {
  const before = await node.rtwatch.checkUntil('the descriptors', (report) => {
    const dockerd = dockerdOf(report);
    return dockerd.fds !== null && dockerd.fdKinds !== null && dockerd;
  });
  onTestFinished(() => {
    for (const client of clients.splice(0)) client.destroy();
  });
  for (let n = 0; n < idle; n++) clients.push(net.connect(node.engine.socketPath).on('error', () => {}));
  const listed = (): number => fs.readdirSync(`/proc/${node.engine.dockerdPid}/fd`).length;
  await waitFor('the engine to accept them', () => listed() >= (before.fds ?? 0) + idle - ownConnections);
  await node.rtwatch.checkUntil('them to be reported', (report) => {
    const after = dockerdOf(report);
    expect(after.fdKinds?.accepted).toBeGreaterThanOrEqual((before.fdKinds?.accepted ?? 0) + idle - ownConnections);
    expect(after.fdKinds?.accepted).toBeGreaterThanOrEqual(idle);
    expect(Math.abs((after.fds ?? 0) - listed())).toBeLessThanOrEqual(ownConnections);
    expect(after.fdKinds?.peerless).toBe(0);
    const { sockets, pipes, files, anonymous, unseen } = after.fdKinds as FdKinds;
    const sum = sockets + pipes + files + anonymous + unseen;
    expect(Math.abs(sum - (after.fds ?? 0))).toBeLessThanOrEqual(ownConnections);
    return true;
  });
});

test('the settings are those that the engine was started with', async () => {
  const info = JSON.parse(await node.engine.ask('/info')) as Info;
  await node.rtwatch.checkUntil('the settings', (report) => {
    const { settings, mountNamespace } = dockerdOf(report);
    expect(settings).toMatchObject({
      rootDir: info.DockerRootDir,
      liveRestore: info.LiveRestoreEnabled,
      storageDriver: info.Driver,
      cgroupDriver: info.CgroupDriver,
    });
    expect(`mnt:[${mountNamespace}]`).toBe(fs.readlinkSync(`/proc/${node.engine.dockerdPid}/ns/mnt`));
    return true;
  });
});

interface Info {
  readonly DockerRootDir: string;
  readonly LiveRestoreEnabled: boolean;
  readonly Driver: string;
  readonly CgroupDriver: string;
}

function dockerdOf(report: Report): Described {
  const dockerd = report.daemons.find(({ name }) => name === 'dockerd');
  if (dockerd === undefined) throw new Error(`no dockerd in ${JSON.stringify(report.daemons)}`);
  return dockerd as Described;
}
