import path from 'node:path';
import { BundleNames } from '../../collect/containers/bundle-names.ts';
import { Conmons } from '../../collect/containers/conmons.ts';
import type { ProcessTable } from '../../collect/processes/table.ts';
import type { World } from '../../collect/world.ts';
import { type ConmonLog, conmon, podName } from '../../parse/cri/conmon.ts';
import { criNamespace } from '../../parse/cri/lists.ts';
import { isShim, shimBundle } from '../../parse/engine/shim-bundle.ts';
import { dockerNamespaces } from '../../sample/shims.ts';

/** A task that the runtime directories of the node know. */
export interface KnownTask {
  readonly id: string;
  /** The namespace of containerd. */
  readonly namespace: string;
  /** The directory of the task on the node, which holds its OCI specification. */
  readonly bundle: string;
  /** `namespace/pod/container`; null for one that is of no pod. */
  readonly label: string | null;
  /** It is the sandbox of a pod. */
  readonly isSandbox: boolean;
  /** Where its conmon writes its log; null without one. */
  readonly log: ConmonLog | null;
}

/** A read of the directory gives 64 names. */
const maxReads = 40;
/** The id of a container as the engines make it. */
export const fullId = /^[0-9a-f]{64}$/;

/**
 * The tasks of containerd, other than Docker's, that a name or id fits: by the directories that the shims work in, so that no
 * runtime is asked. A name is `namespace/pod/container`, or an end of it.
 */
export function tasksNamed(name: string, world: World, table: ProcessTable): KnownTask[] {
  const watched = conmonTasks(name, world, table);
  if (watched.length > 0) return watched;
  const bundles = bundlesOf(world, table);
  const folders = new Map(bundles.map((bundle) => [path.dirname(bundle), shimBundle(bundle)?.namespace ?? '']));
  const labels = labelsOf(name, bundles, world);
  return [...folders].flatMap(([folder, namespace]) => {
    if (dockerNamespaces.has(namespace)) return [];
    const ids = fullId.test(name) ? [name] : (world.tryList(world.host(folder)) ?? []);
    return ids.flatMap((id): KnownTask[] => {
      const label = labels.get(id);
      const bundle = `${folder}/${id}`;
      if (!fits(name, id, label?.text ?? null) || world.tryList(world.host(bundle)) === null) return [];
      return [{ id, namespace, bundle, label: label?.text ?? null, isSandbox: label?.isSandbox ?? false, log: null }];
    });
  });
}

/** The containers of CRI-O and Podman by their conmon, which names them. */
function conmonTasks(name: string, world: World, table: ProcessTable): KnownTask[] {
  const conmons = new Conmons(world);
  return table.named(conmon).flatMap((entry): KnownTask[] => {
    const command = conmons.of(entry);
    if (command === null || command.bundle === null) return [];
    const { id, engine, bundle, log } = command;
    const pod = podName(id, command.name);
    const label = pod === null ? command.name : `${pod.namespace}/${pod.pod}/${pod.container ?? '(sandbox)'}`;
    if (!fits(name, id, label)) return [];
    const namespace = engine === 'podman' ? engine : criNamespace;
    return [{ id, namespace, bundle, label, isSandbox: pod?.container === null, log }];
  });
}

/** Whether a name, or the beginning of an id, means this one. */
export function fits(name: string, id: string, label: string | null): boolean {
  if (id === name || label === name || label?.endsWith(`/${name}`) === true) return true;
  return /^[0-9a-f]{6,64}$/.test(name) && id.startsWith(name);
}

function bundlesOf(world: World, table: ProcessTable): string[] {
  return [...table.entries.values()].flatMap(({ stat }) => {
    if (!isShim(stat.comm) || stat.state === 'Z') return [];
    const folder = world.tryLink(world.proc(`${stat.pid}/cwd`))?.replace(/ \(deleted\)$/, '') ?? '';
    return shimBundle(folder) === null ? [] : [folder];
  });
}

function labelsOf(
  name: string,
  bundles: readonly string[],
  world: World,
): ReadonlyMap<string, { readonly text: string; readonly isSandbox: boolean }> {
  const names = new BundleNames(world);
  let known = names.collect(bundles);
  // A whole id needs no names: only its own are shown.
  for (let read = 1; read < maxReads && !fullId.test(name); read++) {
    const more = names.collect(bundles);
    if (more.length === known.length) break;
    known = more;
  }
  return new Map(
    known.map(({ id, pod, namespace, container }) => [
      id,
      { text: `${namespace}/${pod}/${container ?? '(sandbox)'}`, isSandbox: container === null },
    ]),
  );
}
