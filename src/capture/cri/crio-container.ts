import { DebugClient } from '../../collect/daemons/debug-client.ts';

/** The fields of CRI-O's answer that are read here; it has more (crio, pkg/types/types.go, ContainerInfo). */
export interface CrioContainer {
  readonly name?: string;
  readonly pid?: number;
  readonly log_path?: string;
}

/**
 * What CRI-O says of a container over HTTP/1 on the socket of its API. It takes no lock, so that it answers also where the
 * container is stuck.
 *
 * @returns null when it does not know the container, or does not answer
 */
export async function crioContainer(socketPath: string, id: string, deadlineMs: number): Promise<CrioContainer | null> {
  const client = DebugClient.forCrio(socketPath);
  try {
    const answer: unknown = JSON.parse(await client.get(`/containers/${id}`, AbortSignal.timeout(deadlineMs)));
    return typeof answer === 'object' ? answer : null;
  } catch {
    return null;
  } finally {
    // Kept ones would stay with CRI-O (cri-o#9360).
    client.close();
  }
}
