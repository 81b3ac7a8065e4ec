import { describe, expect, test } from 'vitest';
import type { ContainerModel } from '../../../src/model/containers/container.ts';
import { absent, ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

const noDocker = { containers: absent('no container engine at unix:///var/run/docker.sock') };
/** The rows at the last of these seconds. */
const rowsAt = (change: Parameters<typeof make.cri>[0], ...seconds: number[]): readonly ContainerModel[] => {
  const samples = seconds.map((second) => make.sampleAt(second, { ...noDocker, cri: ok(make.cri(change), 1) }));
  return scenes.modelOf(samples).containers?.list ?? [];
};

describe('the sandbox of a pod', () => {
  test('is no row of its own while its containers are listed', () => {
    expect(rowsAt({}, 0, 90).map(({ label }) => label)).toEqual(['shop/web-0/app']);
  });

  test('is a row once the pod has been empty for a minute, and before that is not', () => {
    expect(rowsAt({ containers: [] }, 0, 50)).toEqual([]);
    expect(rowsAt({ containers: [] }, 0, 50, 90)).toMatchObject([
      { label: 'shop/web-0/(sandbox)', state: 'empty', stuck: false, reason: 'no container in this pod for 1m 30s' },
    ]);
  });

  test('says which attempt of its pod it is, once the kubelet made it anew', () => {
    const statusOf = (attempt: number) => {
      const sandboxes = make.cri().runtimes.flatMap((runtime) => runtime.sandboxes.map((one) => ({ ...one, attempt })));
      return rowsAt({ containers: [], sandboxes }, 0, 90)[0]?.status;
    };
    expect(statusOf(0)).toMatch(/^created [^,]* ago$/);
    expect(statusOf(3)).toMatch(/^created .* ago, attempt 3$/);
  });
});

describe('a container that runs in a pod that is not listed', () => {
  test('says so after half a minute: its pod is listed a moment later than it', () => {
    const stray = { sandboxes: [] };
    expect(rowsAt(stray, 0, 10)).toMatchObject([{ label: 'app', reason: null }]);
    expect(rowsAt(stray, 0, 10, 40)).toMatchObject([{ reason: 'it runs in a pod that its runtime does not list' }]);
    expect(rowsAt({ ...stray, containers: [make.criContainer('a', { state: 'exited' })] }, 0, 40)).toMatchObject([
      { reason: null },
    ]);
  });
});
