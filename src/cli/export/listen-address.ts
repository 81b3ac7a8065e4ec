import net from 'node:net';
import { InvalidArgumentError } from 'commander';

/** Where to listen. */
export interface ListenAddress {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Of `127.0.0.1:9753`, `[::1]:9753`, `localhost:9753`. The address is never left out: all interfaces are opened only by name. */
export function parseListenAddress(text: string): ListenAddress {
  const [, inBrackets, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text.trim()) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535 || (inBrackets !== undefined && !net.isIPv6(inBrackets))) {
    throw new InvalidArgumentError('It is not of the form ADDRESS:PORT, as 127.0.0.1:9753 or [::1]:9753.');
  }
  const host = inBrackets ?? plain ?? '';
  if (host === '') {
    throw new InvalidArgumentError(`It names no address. For all interfaces use 0.0.0.0:${port} or [::]:${port}.`);
  }
  return { host, port };
}

/** The form that `parseListenAddress` takes. */
export function formatAddress({ host, port }: ListenAddress): string {
  return `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
}
