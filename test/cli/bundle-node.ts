import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { type Bundle, makeBundle } from '../../src/cli/bundle/make.ts';
import type { MakeOptions } from '../../src/cli/bundle/make-options.ts';
import { answer, type Handler, StandIn } from '../collect/stand-in.ts';
import { capturedEngine } from '../support/captured-engine.ts';
import { temporaryFolder } from '../support/world.ts';

/** The program from its sources: what is tested is what is there, built or not. */
export const program: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)),
];

/** Two containers that cannot exit: their writers wait in D for a frozen filesystem. */
export const fluentd = 'c30bc32ac3030bdd789834d1212db4ab0ceb9c9bb572670a709b571805300d91';
export const shipper = 'fbea0463e7a9b7e28033964d24d3ba59d175f29a1eebee86b2a1178f49fc46ab';

/** What must be in no bundle. */
export const secret = 'hunter2-s3cr3t';

const threeGoroutines =
  'goroutine 1 [chan receive]:\nmain.main()\n\t/x.go:1 +0x1\n\n' +
  'goroutine 2 [select]:\nmain.a()\n\t/x.go:2 +0x1\n\ngoroutine 3 [select]:\nmain.a()\n\t/x.go:2 +0x1\n\n';

/** A captured node that is sick, with what its engine and its files know and must not be told. */
export class BundleNode {
  readonly rootfs = temporaryFolder();
  readonly folder = path.join(temporaryFolder(), 'state', 'rtwatch');
  readonly #engine: StandIn;

  private constructor(engine: StandIn) {
    this.#engine = engine;
  }

  static async open(): Promise<BundleNode> {
    const script = capturedEngine('stop-leak');
    const node = new BundleNode(await StandIn.listen(script.routes));
    fs.cpSync(path.join(import.meta.dirname, '../worlds/stop-leak'), node.rootfs, { recursive: true });
    node.write(
      'etc/systemd/system/docker.service',
      `[Service]\nEnvironment="HTTP_PROXY=http://u:${secret}@p:3128" A=${secret}\n`,
    );
    node.write('etc/docker/daemon.json', JSON.stringify({ 'registry-token': secret, debug: true }));
    node.write('proc/cmdline', `root=/dev/vda1 iscsi_password=${secret}\n`);
    node.write('proc/pressure/io', 'some avg10=1.00 avg60=1.00 avg300=1.00 total=1\n');
    node.write('proc/28815/stack', '[<0>] percpu_rwsem_wait+0x1/0x2\n[<0>] ext4_file_write_iter+0x1/0x2\n');
    node.write(
      'log/docker.log',
      `time="2026-11-21T06:41:40.000000000Z" level=error msg="Container ${fluentd} failed to exit within 2 seconds of signal 15 - using the force token=${secret}"\n`,
    );
    const group = `sys/fs/cgroup/memory/docker/${fluentd}`;
    node.write(`${group}/memory.usage_in_bytes`, '4096\n');
    node.write(`${group}/cgroup.procs`, '28815\n');
    const inspect = {
      ...(JSON.parse(await bodyOf(script.routes[`/containers/${fluentd}/json`])) as object),
      Config: { Env: [`PLAIN=${secret}`], Labels: { 'my.api-token': secret }, Cmd: ['app', '--password', secret] },
    };
    Object.assign(node.routes, {
      [`/containers/${fluentd}/json`]: answer(JSON.stringify(inspect)),
      '/_ping': answer('OK'),
      '/version': answer('{"Version":"19.03.15"}'),
      '/info': answer(JSON.stringify({ HttpProxy: `http://u:${secret}@p:3128`, Labels: [`token=${secret}`] })),
      '/debug/pprof/': answer("<tr><td>3</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>"),
      '/debug/pprof/goroutine': answer(threeGoroutines),
      '/debug/pprof/heap': answer('heap of dockerd'),
    });
    return node;
  }

  /** Of the engine, by path; may be changed. */
  get routes(): Record<string, Handler> {
    return this.#engine.routes;
  }

  get engine(): StandIn {
    return this.#engine;
  }

  write(file: string, text: string): void {
    const target = path.join(this.rootfs, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }

  /** The collecting options as words. */
  get words(): string[] {
    return [
      ...['--docker-host', this.#engine.url, '--procfs', `${this.rootfs}/proc`, '--sysfs', `${this.rootfs}/sys`],
      ...['--rootfs', this.rootfs, '--log', `${this.rootfs}/log/docker.log`, '--dump-dir', this.folder],
    ];
  }

  /** Made again when it has no report: on a busy machine the sampler may not have begun in the time that a bundle waits for it. */
  async make(change: Partial<MakeOptions> = {}): Promise<Bundle> {
    for (let tries = 1; ; tries++) {
      const bundle = await this.#makeOnce(change);
      const hasReport = bundle.missing.every(({ what }) => what !== 'report and samples');
      if (hasReport || tries === 6) return bundle;
      fs.rmSync(bundle.path);
    }
  }

  #makeOnce(change: Partial<MakeOptions>): Promise<Bundle> {
    return makeBundle({
      options: {
        dockerHost: this.#engine.url,
        procfs: `${this.rootfs}/proc`,
        sysfs: `${this.rootfs}/sys`,
        rootfs: this.rootfs,
        pprof: [],
        interval: 250,
        disable: [],
        log: [`${this.rootfs}/log/docker.log`],
      },
      folder: this.folder,
      compression: 'gz',
      maxBytes: 200e6,
      withSecrets: false,
      full: false,
      command: program,
      samplerCommand: program,
      sampleMs: 1500,
      ...change,
    });
  }
}

/** The files of an archive by their path below its one folder. */
export async function filesOf(archive: string): Promise<Map<string, { readonly text: string; readonly mode: number }>> {
  const packed = fs.readFileSync(archive);
  const tar = archive.endsWith('.zst') ? zstdDecompressSync(packed) : gunzipSync(packed);
  const folder = path.basename(archive).replace(/\.tar\.\w+$/, '/');
  const entries = await unpackTar(new Uint8Array(tar));
  return new Map(
    entries.map(({ header, data }) => {
      if (!header.name.startsWith(folder)) throw new Error(`${header.name} is not in the archive's one folder`);
      const bytes = Buffer.from(data ?? new Uint8Array());
      const isGzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
      return [
        header.name.slice(folder.length),
        { text: (isGzipped ? gunzipSync(bytes) : bytes).toString(), mode: header.mode ?? 0 },
      ];
    }),
  );
}

export const modeOf = (file: string): string => (fs.statSync(file).mode & 0o777).toString(8);

/** What a handler of `answer` answers. */
async function bodyOf(handler: Handler | undefined): Promise<string> {
  if (handler === undefined) throw new Error('no such route');
  const { promise, resolve } = Promise.withResolvers<string>();
  const response = { writeHead: () => response, end: (body: string) => resolve(body) };
  handler({} as Parameters<Handler>[0], response as unknown as Parameters<Handler>[1]);
  return promise;
}
