import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { kubectlGet, openInPod } from '../../../src/cli/nodes/kubectl.ts';

/** A script that stands for kubectl. */
function fakeKubectl(script: string): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-kubectl-'));
  fs.writeFileSync(path.join(folder, 'kubectl'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    fs.rmSync(folder, { recursive: true });
  });
}

test('kubectl gets the path, and the context if one is named', async () => {
  fakeKubectl('echo "$@"');
  expect(await kubectlGet(undefined)('/api/v1/nodes?limit=500')).toBe(
    '--request-timeout=30000ms get --raw /api/v1/nodes?limit=500\n',
  );
  expect(await kubectlGet('a b')('/x')).toMatch(/^--context a b --request-timeout/);
});

test('what kubectl says is the reason', async () => {
  const forbidden = 'Error from server (Forbidden): nodes is forbidden: User "sre" cannot list resource "nodes"';
  fakeKubectl(`echo '${forbidden}' >&2; exit 1`);
  await expect(kubectlGet(undefined)('/x')).rejects.toThrow(forbidden);
  fakeKubectl("echo 'The connection to the server localhost:8080 was refused' >&2; exit 1");
  await expect(kubectlGet(undefined)('/x')).rejects.toThrow('was refused');
  fakeKubectl('exit 3');
  await expect(kubectlGet(undefined)('/x')).rejects.toThrow('kubectl failed (exit code 3)');
});

test('a machine without kubectl is said', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(kubectlGet(undefined)('/x')).rejects.toThrow('kubectl is not installed on this machine');
});

test('kubectl that does not answer is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  fakeKubectl('exec sleep 600');
  const refused = expect(kubectlGet(undefined)('/x')).rejects.toThrow('no answer within 30s');
  await vi.advanceTimersByTimeAsync(30_000);
  await refused;
});

test('Enter runs rtwatch in the pod of the node', () => {
  expect(openInPod(undefined)).toBe(
    'kubectl -n rtwatch exec -i "$(kubectl -n rtwatch get pod -o name --field-selector spec.nodeName={node} | head -n 1)" -- /rtwatch sample --rootfs /host --sysfs /host/sys | rtwatch watch -',
  );
  expect(openInPod('a b')).toContain("kubectl --context 'a b' -n rtwatch exec");
});
