import { resolveEndpoint } from '../../collect/engine/endpoint.ts';
import { clean } from '../../view/text.ts';
import type { CollectOptions } from './options.ts';

/** Traffic to these hosts does not leave the machine. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * The warning for an engine on the network without TLS. Null if there is none, or if the endpoint is invalid (the command
 * reports that). Access to an engine is root on its node (docs.docker.com/engine/security/protect-access).
 */
export function plainTcpWarning(
  options: Pick<CollectOptions, 'dockerHost' | 'rootfs'>,
  env: NodeJS.ProcessEnv,
): string | null {
  try {
    const endpoint = resolveEndpoint(options.dockerHost, options.rootfs, env);
    if (endpoint.kind !== 'tcp' || endpoint.tls !== null || loopback.test(endpoint.host)) return null;
    return (
      `${clean(endpoint.url)} has no TLS: answers can be read and changed on the way, and any client that reaches it is root ` +
      'on that node. Use ssh://, or DOCKER_TLS_VERIFY with certificates'
    );
  } catch {
    return null;
  }
}
