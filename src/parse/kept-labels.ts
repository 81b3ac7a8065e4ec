/** Labels that name what people know: pods (kubelet), services of compose and swarm. Others may be secret, or long, and stay out. */
const kept = new Set([
  'io.kubernetes.pod.name',
  'io.kubernetes.pod.namespace',
  'io.kubernetes.container.name',
  'com.docker.compose.project',
  'com.docker.compose.service',
  'com.docker.compose.container-number',
  'com.docker.swarm.service.name',
  'com.docker.swarm.task.name',
]);

/** The labels of a container that go into a Sample. */
export function keptLabels(labels: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(
      (entry): entry is [string, string] => kept.has(entry[0]) && typeof entry[1] === 'string',
    ),
  );
}
