import { resolveEndpoint } from '../collect/engine/endpoint.ts';
import { clean } from '../view/text.ts';
import type { CollectOptions } from './options.ts';

/** What does not leave the machine cannot be read on the way. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * What is to be said of an engine that is asked over the network without TLS; null where there is nothing to say, or where the
 * endpoint makes no sense, which the command itself tells. Whoever can ask an engine is root on its node, and names and answers
 * can be read and changed on the way (docs.docker.com/engine/security/protect-access).
 */
export function plainTcpWarning(
  options: Pick<CollectOptions, 'dockerHost' | 'rootfs'>,
  env: NodeJS.ProcessEnv,
): string | null {
  try {
    const endpoint = resolveEndpoint(options.dockerHost, options.rootfs, env);
    if (endpoint.kind !== 'tcp' || endpoint.tls !== null || loopback.test(endpoint.host)) return null;
    return (
      `${clean(endpoint.url)} is asked without TLS: what it answers can be read and changed on the way, and whoever reaches it is root ` +
      'on that node; use ssh://, or DOCKER_TLS_VERIFY with certificates'
    );
  } catch {
    return null;
  }
}
