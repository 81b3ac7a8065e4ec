import { describe, expect, test } from 'vitest';
import { programOf } from '../../../src/model/goroutines/program.ts';

const of = (...functions: string[]): string | null =>
  programOf([{ frames: functions.map((func) => ({ func })), createdBy: null }]);

describe('the program that a dump is of', () => {
  test.each([
    ['dockerd', 'github.com/docker/docker/daemon.(*Daemon).createSpec'],
    ['dockerd', 'github.com/moby/moby/v2/daemon.(*Daemon).ContainerStart'],
    ['dockerd', 'github.com/docker/docker/vendor/github.com/moby/buildkit/solver.(*Job).Build'],
    ['BuildKit', 'github.com/moby/buildkit/solver.(*Job).Build'],
    ['the docker CLI', 'github.com/docker/cli/vendor/github.com/docker/docker/client.(*Client).Ping'],
    ['containerd', 'github.com/containerd/containerd/v2/internal/cri/server.(*criService).ExecSync'],
    ['containerd', 'github.com/containerd/containerd/services/tasks.(*local).Kill'],
    ['a containerd shim', 'github.com/containerd/containerd/runtime/v2/runc/v1.(*service).Stats'],
    ['a containerd shim', 'github.com/containerd/containerd/runtime/v2/shim.serve.func1'],
    ['a containerd shim', 'main.executeShim.func1'],
    ['a containerd shim', 'github.com/containerd/containerd/sys/reaper.(*Monitor).notify.func1'],
    ['docker buildx (a client)', 'github.com/docker/buildx/build.BuildWithResultHandler.func4.1'],
    ['nerdctl (a client)', 'github.com/containerd/nerdctl/v2/pkg/logging.loggerFunc.func1'],
    ['containerd', 'github.com/containerd/containerd/pkg/cri/streaming/remotecommand.createStreams'],
    ['containerd', 'github.com/containerd/containerd/services/snapshot.(*service).Update'],
    ['containerd', 'github.com/docker/containerd/supervisor.(*Supervisor).exitHandler'],
    ['CRI-O', 'github.com/cri-o/cri-o/server.(*Server).StopContainer'],
    ['podman', 'github.com/containers/podman/v4/libpod.(*Runtime).removeContainer'],
    ['the kubelet', 'k8s.io/kubernetes/pkg/kubelet.(*Kubelet).syncLoop'],
    ['k3s', 'github.com/k3s-io/k3s/pkg/agent.run'],
  ])('is %s by %s', (name, func) => expect(of('net/http.(*conn).serve', func)).toBe(name));

  // Everything has parts of runc and containerd in it.
  test('is the one that holds the others', () => {
    expect(of('github.com/opencontainers/runc/libcontainer/cgroups.Get', 'k8s.io/kubernetes/pkg/kubelet/cm.x')).toBe(
      'the kubelet',
    );
    expect(of('k8s.io/kubernetes/pkg/kubelet.Run', 'github.com/k3s-io/k3s/pkg/agent.run')).toBe('k3s');
  });

  // https://github.com/containers/podman/issues/24743, https://github.com/moby/buildkit/issues/5570
  test.each([
    [
      'podman',
      'github.com/containers/storage.(*layerStore).load',
      '/BUILD/podman-5.3.1/vendor/github.com/containers/storage/layers.go',
    ],
    ['crictl (a client)', 'main.main', '/src/github.com/kubernetes-sigs/cri-tools/cmd/crictl/main.go'],
    ['BuildKit', 'main.main', '/src/cmd/buildkitd/main.go'],
    ['dockerd', 'main.main', '/usr/src/docker/cmd/dockerd/docker.go'],
    ['containerd', 'main.main', '/go/src/github.com/docker/containerd/containerd/main.go'],
    [null, 'github.com/urfave/cli.(*App).Run', '/src/cmd/buildkitd/vendor.go'],
    ['CRI-O', 'google.golang.org/grpc.(*Server).Serve', '/BUILD/cri-o-1.29.13/vendor/google.golang.org/grpc/server.go'],
    ['BuildKit', 'github.com/moby/buildkit/client/llb.MarshalConstraints', '/src/client/llb/marshal.go'],
    [
      null,
      'github.com/moby/buildkit/client/llb.MarshalConstraints',
      '/src/vendor/github.com/moby/buildkit/client/llb/marshal.go',
    ],
    [
      null,
      'github.com/moby/buildkit/client/llb.MarshalConstraints',
      '/go/pkg/mod/github.com/moby/buildkit@v0.13.0/client/llb/marshal.go',
    ],
    [
      null,
      'github.com/containers/storage.(*layerStore).load',
      '/go/src/vendor/github.com/containers/storage/layers.go',
    ],
  ])('is %s by where its sources were: %s', (name, func, file) => {
    expect(programOf([{ frames: [{ func, file }], createdBy: null }])).toBe(name);
  });

  test('is unknown where dumps of several were pasted together', () => {
    expect(
      of(
        'github.com/containerd/containerd/services/tasks.(*local).Kill',
        'github.com/containerd/containerd/pkg/process.(*Init).Delete',
      ),
    ).toBeNull();
  });

  test('is unknown by what any program has', () => {
    expect(of('main.main', 'net/http.(*conn).serve', 'google.golang.org/grpc.(*Server).Serve')).toBeNull();
    expect(of('github.com/containerd/ttrpc.(*Client).Call', 'github.com/containerd/fifo.openFifo')).toBeNull();
    // BuildKit and clients serve content, too.
    expect(of('github.com/containerd/containerd/services/content/contentserver.(*service).Read')).toBeNull();
  });
});
