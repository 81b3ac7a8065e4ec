/** `127.0.0.1`, `127.0.0.1:/`, `localhost:/export`, `[::1]:/`. */
const here = /^(?:127(?:\.\d+){3}|localhost|::1|\[::1\])(?=$|:)/;

/**
 * A file server at this node's own address is a proxy for the real one (stunnel or efs-proxy of amazon-efs-utils, a tunnel), or a
 * server that runs here, often in a container.
 *
 * @param source as in the mount table or in the kernel's log
 * @returns what to say of it; null for a server elsewhere
 */
export function localServerText(source: string): string | null {
  const address = here.exec(source)?.[0];
  return address === undefined
    ? null
    : `${address} is this node: a proxy for the server (stunnel or efs-proxy of EFS, a tunnel), or a server that runs here. See whether it runs and listens.`;
}
