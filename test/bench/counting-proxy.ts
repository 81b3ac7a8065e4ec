import net from 'node:net';

/** Passes bytes on to an engine, and counts the requests in them. */
export class CountingProxy {
  readonly path: string;
  readonly #server: net.Server;
  requests = 0;

  private constructor(socket: string, target: string) {
    this.path = socket;
    this.#server = net.createServer((client) => {
      const upstream = net.connect(target);
      client.on('data', (bytes) => {
        this.requests += bytes.toString('latin1').match(/^(?:GET|POST) \/\S* HTTP\/1\.1\r$/gm)?.length ?? 0;
      });
      client.pipe(upstream).pipe(client);
      for (const end of [client, upstream]) end.on('error', () => end.destroy());
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
    });
  }

  static async listen(socket: string, target: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(socket, target);
    await new Promise<void>((resolve) => proxy.#server.listen(socket, resolve));
    return proxy;
  }

  get url(): string {
    return `unix://${this.path}`;
  }

  close(): void {
    this.#server.close();
  }
}
