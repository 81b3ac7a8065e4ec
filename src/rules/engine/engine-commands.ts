import { quote } from '../../base/shell-word.ts';
import type { Model } from '../../model/model.ts';
import { dockerNamespaces } from '../../sample/shims.ts';

/** What is known of the engines of a node. */
export type EngineParts = Pick<Model, 'daemons' | 'containers' | 'cri' | 'shims'>;

/** Where crictl looks by default. */
const usualSocket = /^unix:\/\/(?:\/var)?\/run\/(?:containerd\/containerd|crio\/crio)\.sock$/;
const ofContainer = /^docker (restart|rm -f|rm|ps --filter status=paused)(?: ([\w.-]+))?$/;

/** How a container gets a first process that reaps, as the rules write it. */
export const initWays = 'docker run --init, init: true of compose, tini in the image';

/**
 * The same in a sentence: the ways that the engine of that container has.
 *
 * @param id the container that the finding is about
 */
export function withInitWays(text: string, id: string | null, around: EngineParts): string {
  return text.includes(initWays) ? text.replace(initWays, () => initWaysOf(engineOf(id, around))) : text;
}

function initWaysOf(engine: Engine): string {
  if (engine === 'docker') return initWays;
  if (engine === 'podman') return 'podman run --init, tini in the image';
  if (engine === 'pod') return 'shareProcessNamespace: true in the specification of the pod, tini in the image';
  return 'nerdctl run --init, tini in the image';
}

/**
 * The rules name the commands of Docker: what this node has instead, for the engine of that container. Null where it has nothing.
 *
 * @param id the container that the finding is about, where the command names none
 */
export function onThisEngine(command: string, id: string | null, around: EngineParts): string | null {
  const [, verb, named] = ofContainer.exec(command) ?? [];
  if (verb !== undefined) return ofEngine(verb, named ?? '', engineOf(named ?? id, around));
  if (command === 'docker system prune || crictl rmi --prune') return prune(around) ?? command;
  if (command === 'systemctl reload docker') return prune(around) === null ? command : null;
  return command;
}

/** With the socket of the runtime, where it is not the one that the tools try by themselves. */
export function withSocket(text: string, { cri }: EngineParts): string {
  const asked = (cri?.runtimes ?? []).filter(({ sandboxList }) => sandboxList.status !== 'absent');
  const [socket, ...others] = new Set(asked.map((one) => one.socket));
  if (socket === undefined || others.length > 0 || usualSocket.test(socket)) return text;
  // What is put into a command may come to lie in a quoted word of it.
  if (quote(socket) !== socket) return text;
  return text
    .replace(/\bcrictl (?=[a-z])/g, () => `crictl -r ${socket} `)
    .replace(/\bctr -n /g, () => `ctr -a ${socket.replace('unix://', '')} -n `);
}

/** `docker`, `podman`, `pod` for a container of the kubelet, or else a namespace of containerd. */
type Engine = 'docker' | 'podman' | 'pod' | { readonly namespace: string };

function ofEngine(verb: string, id: string, engine: Engine): string | null {
  const words = `${verb} ${id}`.trim();
  if (engine === 'docker' || engine === 'podman') return `${engine} ${words}`;
  if (engine !== 'pod') return `nerdctl --namespace ${quote(engine.namespace)} ${words}`;
  // The CRI knows no pause; a container that is stopped is started anew by the kubelet.
  if (verb.includes('filter')) return null;
  return verb === 'restart' ? `crictl stop ${id}` : `crictl rm -f ${id}`;
}

function engineOf(id: string | null, { daemons, containers, shims }: EngineParts): Engine {
  const isIt = (other: string | null): boolean => id !== null && id !== '' && other?.startsWith(id) === true;
  const container = containers?.list.find((one) => isIt(one.id));
  if (container?.from === 'engine' && container.runtime === null) {
    // An engine that speaks Docker's API has the name that it calls itself.
    return daemons.some(({ kind }) => kind === 'podman') ? 'podman' : 'docker';
  }
  const shim = shims?.shims.find(
    ({ bundleId, containers: below }) => isIt(bundleId) || below.some(({ containerId }) => isIt(containerId)),
  );
  const namespace = shim?.runtimeNamespace ?? null;
  if (namespace === 'podman') return 'podman';
  if (namespace === 'k8s.io' || namespace === 'cri-o' || (container?.pod ?? null) !== null) return 'pod';
  return namespace === null || dockerNamespaces.has(namespace) ? 'docker' : { namespace };
}

/** Null where Docker is there, or no other engine is known. */
function prune({ daemons, cri, shims }: EngineParts): string | null {
  const engine = daemons.find(({ isEngine }) => isEngine);
  const namespaces = new Set(shims?.shims.flatMap(({ runtimeNamespace }) => runtimeNamespace ?? []));
  const isPodman = engine?.kind === 'podman';
  const hasDocker = !isPodman && (engine === undefined || engine.process !== null || engine.status !== 'absent');
  if (hasDocker || namespaces.has('moby')) return null;
  const hasPods = (cri?.runtimes ?? []).some(({ sandboxList }) => sandboxList.status !== 'absent');
  if (hasPods || namespaces.has('k8s.io') || namespaces.has('cri-o')) return 'crictl rmi --prune';
  if (isPodman || namespaces.has('podman')) return 'podman system prune';
  const [namespace] = namespaces;
  return namespace === undefined ? null : `nerdctl --namespace ${quote(namespace)} system prune`;
}
