import net from 'node:net';
import { StandIn } from '../../collect/stand-in.ts';
import { temporaryFolder } from '../world.ts';
import { ScriptedRuntime } from './server.ts';

/**
 * A scripted server that speaks CRI-O's protocol as its sources have it (cmd/crio/main.go, 1.36): gRPC and HTTP/1 on one socket,
 * told apart by the first bytes. No CRI-O is behind it: there is no package of it to test against.
 */
export class ScriptedCrio {
  readonly socketPath = `${temporaryFolder()}/crio.sock`;
  readonly grpc: ScriptedRuntime;
  readonly http: StandIn;
  readonly #server: net.Server;

  private constructor(grpc: ScriptedRuntime, http: StandIn) {
    this.grpc = grpc;
    this.http = http;
    this.#server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (first) => {
        const target = net.connect(first.toString('latin1').startsWith('PRI') ? grpc.socketPath : http.socketPath);
        target.on('error', () => socket.destroy());
        target.write(first);
        socket.pipe(target).pipe(socket);
      });
    });
  }

  static async start(routes: StandIn['routes'] = {}): Promise<ScriptedCrio> {
    const crio = new ScriptedCrio(await ScriptedRuntime.start('grpc.sock'), await StandIn.listen({ ...routes }));
    await new Promise<void>((resolve) => crio.#server.listen(crio.socketPath, resolve));
    return crio;
  }

  async close(): Promise<void> {
    await this.grpc.close();
    this.#server.close();
  }
}
