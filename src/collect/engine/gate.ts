/** Why nothing may connect to a unix socket at this moment; null where it may. It is asked before every connection. */
export type Gate = (socketPath: string) => string | null;

const code = 'NOT_ASKED';

/** Of a request that would change something on the node. */
export const notAsked = (reason: string): Error => Object.assign(new Error(reason), { code });

/**
 * Makes sure that a request changes nothing on the node.
 *
 * @throws when the gate is closed, with its reason
 */
export function pass(gate: Gate, socketPath: string): void {
  const reason = gate(socketPath);
  if (reason !== null) throw notAsked(reason);
}

/** Whether the gate was closed: nothing was sent. */
export const meansNotAsked = (errorCode: string | null): boolean => errorCode === code;
