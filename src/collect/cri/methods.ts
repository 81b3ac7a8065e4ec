import {
  ContainerdContainerList,
  ContainerdVersion,
  ContainerStatusAnswer,
  ContainerStatusRequest,
  CriContainerList,
  Envelope,
  NamespaceList,
  PodSandboxList,
  RuntimeVersion,
  SubscribeRequest,
} from '../../parse/cri/messages.ts';
import type { GrpcMethod } from './grpc-client.ts';

/**
 * Every method that rtwatch calls, and no other. They answer from the memory of the runtime, or from its database, and take no
 * lock that a stuck container holds; exceptions are noted here.
 *
 * Never called, on any version: `GetContainerEvents` (until 1.7 it takes the events from the kubelet, containerd#7318; from 2.0
 * on a slow reader stops the CRI plugin), `tasks.v1` and `Metrics` (they call each shim in turn), `Status` of the CRI
 * (it may run CNI plugins), `*Stats` (they wait for a stopped shim without a timeout), `ExecSync` and all that writes.
 */
export const methods = {
  /** A constant: the ping. */
  containerdVersion: method('/containerd.services.version.v1.Version/Version', nothing, ContainerdVersion.decode),
  /** A constant: the ping of CRI-O. */
  criVersion: method('/runtime.v1.RuntimeService/Version', nothing, RuntimeVersion.decode),
  listPodSandbox: method('/runtime.v1.RuntimeService/ListPodSandbox', nothing, PodSandboxList.decode),
  /**
   * Takes the status lock of each container in turn, and still waits for it when the client is gone: a request that is given up
   * leaves a goroutine behind (containerd#12680).
   */
  listContainers: method('/runtime.v1.RuntimeService/ListContainers', nothing, CriContainerList.decode),
  /** Takes the status lock of that container. */
  containerStatus: method(
    '/runtime.v1.RuntimeService/ContainerStatus',
    (containerId: string) => ContainerStatusRequest.encode({ containerId }).finish(),
    ContainerStatusAnswer.decode,
  ),
  listNamespaces: method('/containerd.services.namespaces.v1.Namespaces/List', nothing, NamespaceList.decode),
  /** Reads the whole database, with every OCI specification: once per namespace, not polled. */
  listContainerdContainers: method(
    '/containerd.services.containers.v1.Containers/List',
    nothing,
    ContainerdContainerList.decode,
  ),
  /** Each subscriber has its own queue: a slow reader blocks no other. */
  subscribe: method(
    '/containerd.services.events.v1.Events/Subscribe',
    (filters: readonly string[]) => SubscribeRequest.encode({ filters }).finish(),
    Envelope.decode,
  ),
} as const;

function nothing(): Uint8Array {
  return new Uint8Array();
}

function method<Q, A>(
  path: string,
  encode: (question: Q) => Uint8Array,
  decode: (bytes: Uint8Array) => A,
): GrpcMethod<Q, A> {
  return { path, encode, decode };
}
