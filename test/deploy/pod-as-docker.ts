import type { DaemonSet } from 'kubernetes-types/apps/v1.d.ts';
import type { Container, PodSpec, SecurityContext } from 'kubernetes-types/core/v1.d.ts';

/** How Docker runs a container as the kubelet would: the options of `docker run`, the image, its arguments. */
export interface DockerRun {
  readonly options: readonly string[];
  readonly image: string;
  readonly args: readonly string[];
}

/** Kubernetes' names of `mount(8)`'s propagation. */
const propagations: Readonly<Record<string, string>> = { None: 'rprivate', HostToContainer: 'rslave' };

/**
 * The one container of a DaemonSet, for Docker.
 *
 * @param placeOf where a `hostPath` is on the machine of the test
 * @throws at a field that is not translated: what the manifest says must not be left out of the test
 */
export function asDockerRun({ spec }: DaemonSet, placeOf: (hostPath: string) => string): DockerRun {
  const pod = spec?.template.spec;
  const [container, ...others] = pod?.containers ?? [];
  if (pod === undefined || container === undefined || others.length > 0) throw new Error('not one container');
  const { image = '', args = [], resources, securityContext = {} } = container;
  const memory = resources?.limits?.['memory'];
  return {
    options: [
      ...(pod.hostPID === true ? ['--pid=host'] : []),
      ...(pod.hostNetwork === true ? ['--net=host'] : ['--net=none']),
      ...(memory === undefined ? [] : [`--memory=${memory.replace(/i$/, '').toLowerCase()}`]),
      ...security(securityContext),
      ...mounts(pod, container, placeOf),
    ],
    image,
    args,
  };
}

function security(context: SecurityContext): string[] {
  const { capabilities, runAsUser, runAsGroup, seccompProfile, appArmorProfile, seLinuxOptions, ...rest } = context;
  const { privileged, allowPrivilegeEscalation, readOnlyRootFilesystem, ...unknown } = rest;
  const odd = Object.keys(unknown);
  if (odd.length > 0) throw new Error(`securityContext.${odd.join(', ')} is not translated`);
  // RuntimeDefault is what Docker does when it is told nothing.
  if (seccompProfile?.type !== 'RuntimeDefault') throw new Error('another seccomp profile is not translated');
  return [
    `--user=${runAsUser}:${runAsGroup}`,
    ...(privileged === true ? ['--privileged'] : []),
    ...(allowPrivilegeEscalation === false ? ['--security-opt=no-new-privileges'] : []),
    ...(readOnlyRootFilesystem === true ? ['--read-only'] : []),
    ...(capabilities?.drop ?? []).map((name) => `--cap-drop=${name}`),
    ...(capabilities?.add ?? []).map((name) => `--cap-add=${name}`),
    ...(appArmorProfile?.type === 'Unconfined' ? ['--security-opt=apparmor=unconfined'] : []),
    ...(seLinuxOptions?.type === undefined ? [] : [`--security-opt=label=type:${seLinuxOptions.type}`]),
  ];
}

function mounts(
  { volumes = [] }: PodSpec,
  { volumeMounts = [] }: Container,
  placeOf: (hostPath: string) => string,
): string[] {
  return volumeMounts.map(({ name, mountPath, readOnly, mountPropagation = 'None' }) => {
    const source = volumes.find((volume) => volume.name === name)?.hostPath?.path;
    const propagation = propagations[mountPropagation];
    if (source === undefined || propagation === undefined) throw new Error(`the volume ${name} is not translated`);
    const words = ['type=bind', `source=${placeOf(source)}`, `target=${mountPath}`, `bind-propagation=${propagation}`];
    return `--mount=${[...words, ...(readOnly === true ? ['readonly'] : [])].join(',')}`;
  });
}
