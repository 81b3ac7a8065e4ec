import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContainerdContainers, readContainers, readSandboxes } from '../../../src/parse/cri/lists.ts';
import {
  ContainerdContainerList,
  ContainerdVersion,
  ContainerStatusAnswer,
  CriContainerList,
  NamespaceList,
  PodSandboxList,
} from '../../../src/parse/cri/messages.ts';
import { readContainerStatus } from '../../../src/parse/cri/status.ts';

type Answers = Readonly<Record<string, string>>;

/** Recorded by `test/engine/make-cri-answers.ts`. */
const captured = ['1.6', '2.1'].map((version): [string, Answers] => {
  const file = new URL(`../../recordings/cri/containerd-${version}.json`, import.meta.url);
  return [version, JSON.parse(fs.readFileSync(file, 'utf8')) as Answers];
});
const bytes = (answers: Answers, name: string): Uint8Array => Buffer.from(answers[name] ?? '', 'base64');
const image = 'docker.io/rtwatch-test/busybox:1';

describe.each(captured)('what a containerd %s answered', (version, answers) => {
  test('is its version and its namespaces', () => {
    expect(ContainerdVersion.decode(bytes(answers, 'version')).version).toMatch(new RegExp(`^${version}\\.`));
    expect(NamespaceList.decode(bytes(answers, 'namespaces')).namespaces.map(({ name }) => name)).toEqual(['k8s.io']);
  });

  test('is the pod, and its two containers with their states', () => {
    expect(readSandboxes(PodSandboxList.decode(bytes(answers, 'pods')))).toEqual([
      {
        id: answers['pod'],
        name: 'web-0',
        namespace: 'shop',
        uid: 'uid-web-0-0',
        attempt: 0,
        ready: true,
        createdAt: expect.toSatisfy((seconds) => seconds > 1.7e9 && seconds < 2e9),
      },
    ]);
    const containers = readContainers(CriContainerList.decode(bytes(answers, 'containers')));
    expect(
      containers
        .map(({ id, sandboxId, name, state, image, restarts }) => ({ id, sandboxId, name, state, image, restarts }))
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    ).toEqual([
      { id: answers['running'], sandboxId: answers['pod'], name: 'app', state: 'running', image, restarts: 0 },
      { id: answers['exited'], sandboxId: answers['pod'], name: 'once', state: 'exited', image, restarts: 0 },
    ]);
  });

  test('is the status of a container that runs, and of one that has exited', () => {
    const status = (name: string) => readContainerStatus(ContainerStatusAnswer.decode(bytes(answers, name)));
    expect(status('runningStatus')).toMatchObject({
      id: answers['running'],
      state: 'CONTAINER_RUNNING',
      finishedAt: null,
    });
    expect(status('exitedStatus')).toMatchObject({
      id: answers['exited'],
      state: 'CONTAINER_EXITED',
      exitCode: 3,
      reason: 'Error',
      logPath: expect.stringMatching(/once\/0\.log$/),
    });
  });

  test('is the containers of its namespace, the sandbox among them', () => {
    const list = ContainerdContainerList.decode(bytes(answers, 'containerdContainers'));
    expect(new Set(readContainerdContainers(list, 'k8s.io').map(({ id }) => id))).toEqual(
      new Set([answers['pod'], answers['running'], answers['exited']]),
    );
  });

  test('that breaks off is an error or a shorter list, and never hangs', () => {
    const whole = bytes(answers, 'containers');
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        let read: readonly unknown[] = [];
        try {
          read = readContainers(CriContainerList.decode(whole.slice(0, length)));
        } catch {
          return;
        }
        expect(read.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
