import { describe, expect, test } from 'vitest';
import { goroutine, idsOf, report } from '../goroutine.ts';

const invoke = [
  'google.golang.org/grpc.(*clientStream).RecvMsg',
  'google.golang.org/grpc.invoke',
  'google.golang.org/grpc.(*ClientConn).Invoke',
];
const roundTrip = ['net/http.(*persistConn).roundTrip', 'net/http.(*Transport).RoundTrip', 'net/http.send'];
const client = 'github.com/docker/cli/vendor/github.com/docker/docker/client.(*Client)';

/** Of the patterns that fit, those that are a sign of trouble after so many minutes. */
const signs = (lines: readonly string[], waitMinutes: number | null): string[] =>
  report([goroutine(lines, { state: 'select', waitMinutes })])
    .patterns.filter(({ harmless }) => !harmless)
    .map(({ id }) => id);

describe('calls of other daemons', () => {
  const tasks = (method: string): string =>
    `github.com/containerd/containerd/api/services/tasks/v1.(*tasksClient).${method}`;
  const cri = 'k8s.io/kubernetes/pkg/kubelet/cri/remote.(*remoteRuntimeService).PodSandboxStatus';

  // https://github.com/kubernetes/kubernetes/issues/98044
  test('of the kubelet to its runtime are named, and a sign when they last', () => {
    expect(
      idsOf([...invoke, 'k8s.io/cri-api/pkg/apis/runtime/v1.(*runtimeServiceClient).PodSandboxStatus', cri]),
    ).toEqual(['cri-call']);
    expect(signs([...invoke, cri], null)).toEqual([]);
    expect(signs([...invoke, cri], 3)).toEqual(['cri-call']);
  });

  test('of a client to containerd are named, but not a wait for a task, which lasts as long as it', () => {
    expect(signs([...invoke, tasks('Kill'), 'main.main'], 20)).toEqual(['containerd-call']);
    expect(idsOf([...invoke, tasks('Wait'), 'main.main'])).toEqual([]);
  });

  // https://github.com/moby/moby/issues/43376
  test('of a client to dockerd are named; an answer that is being read is none', () => {
    expect(signs([...roundTrip, `${client}.doRequest`, `${client}.Ping`], 5)).toEqual(['engine-call']);
    expect(
      idsOf(['net/http.(*bodyEOFSignal).Read', 'encoding/json.(*Decoder).Decode', `${client}.Events.func1`]),
    ).toEqual([]);
  });

  // https://github.com/containerd/containerd/issues/13692
  test('to a shim whose method is not in the stack are named, and no sign: it may be a Wait', () => {
    const lines = [
      'github.com/containerd/ttrpc.(*Client).dispatch(0xc000a)',
      'github.com/containerd/ttrpc.(*Client).Call(0xc000a)',
    ];
    expect(idsOf(lines)).toEqual(['ttrpc-call']);
    expect(signs(lines, 1391)).toEqual([]);
  });
});

test('locks are counted in a listing, which has no stacks, and not where they are taken', () => {
  expect(idsOf(['sync.(*Mutex).Lock'], { state: null })).toEqual(['listed-lock']);
  expect(idsOf(['sync.(*Mutex).Lock', 'main.main'], { state: 'running' })).toEqual([]);
});
