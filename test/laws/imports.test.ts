import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, files, importsOf, roomOf, sourcesOf, textOf } from './source-files.ts';

/** What each room may import: other rooms, and packages. `docs/architecture.md` tells why. */
const laws: Readonly<
  Record<string, { readonly rooms: readonly string[]; readonly packages: readonly (string | RegExp)[] }>
> = {
  child: { rooms: [], packages: ['node:child_process'] },
  base: { rooms: [], packages: [] },
  sample: { rooms: ['base'], packages: [] },
  parse: { rooms: ['base', 'sample'], packages: ['pprof-format', '@bufbuild/protobuf/wire'] },
  collect: {
    rooms: ['base', 'child', 'sample', 'parse'],
    packages: [/^node:/, 'dockerode', 'undici'],
  },
  capture: { rooms: ['base', 'child', 'sample', 'parse', 'collect'], packages: [/^node:/, 'systeminformation'] },
  wire: { rooms: ['base', 'child', 'sample'], packages: [] },
  model: { rooms: ['base', 'sample'], packages: [] },
  fleet: { rooms: ['base'], packages: [] },
  remote: { rooms: ['base', 'child', 'sample', 'model', 'rules', 'timeline', 'wire'], packages: [/^node:/] },
  rules: { rooms: ['base', 'sample', 'model'], packages: [] },
  export: { rooms: ['base', 'sample', 'model', 'rules'], packages: [] },
  view: {
    rooms: ['base', 'sample', 'model', 'rules', 'timeline', 'fleet', 'remote'],
    packages: ['cli-truncate', 'string-width', 'wrap-ansi'],
  },
  timeline: { rooms: ['base', 'sample', 'model', 'rules', 'wire'], packages: [/^node:/] },
  app: {
    rooms: ['base', 'child', 'view', 'timeline', 'fleet', 'remote', 'rules', 'model', 'wire', 'sample'],
    packages: ['ink', 'react', /^node:/],
  },
  cli: {
    rooms: [
      'base',
      'child',
      'sample',
      'parse',
      'collect',
      'capture',
      'wire',
      'model',
      'rules',
      'timeline',
      'fleet',
      'remote',
      'view',
      'export',
      'app',
    ],
    packages: ['commander', 'smol-toml', /^node:/],
  },
};

/** A module of Ink that one of ours stands in for. */
const inkOwn = /\/node_modules\/ink\/build\//;

/** Where a single file may do more than its room. */
const exceptions: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'app/ink/frame-line.ts': [inkOwn, /\/node_modules\/widest-line\//],
  'app/ink/line-update.ts': [inkOwn],
  'app/ink/output.ts': [inkOwn],
  'app/ink/squash-text-nodes.ts': [inkOwn],
  'app/ink/styled-line.ts': ['@alcalzone/ansi-tokenize'],
  'capture/bundle/archive.ts': ['modern-tar'],
  'fleet/http-config.ts': ['yaml', /^node:/],
  'fleet/prometheus.ts': [/^node:/],
  'sample/schema/shape.ts': ['valibot'],
  'view/terminal/pages/palette-entries.ts': ['fuzzysort'],
  'view/terminal/pages/palette-page.ts': ['fuzzysort'],
  'view/terminal/filter.ts': ['fuzzysort', 're2js'],
  'view/print/styled-runs.ts': ['@alcalzone/ansi-tokenize'],
  'wire/recording/block-lines.ts': [/^node:string_decoder$/],
  'wire/recording/packing.ts': [/^node:/],
  'wire/recording/readable-file.ts': [/^node:/],
  'wire/recording/seal.ts': [/^node:zlib$/],
  'wire/recording/unpack.ts': [/^node:/],
  'wire/recording/writer.ts': [/^node:/],
  'wire/stdin.ts': [/^node:/],
  'cli/export/basic-auth.ts': ['bcryptjs'],
  'cli/export/exposition.ts': ['prom-client'],
  'cli/export/web-config.ts': ['yaml'],
  'cli/commands/version.ts': ['../../../package.json'],
};

/** Of `collect`, which runs in the sampler: the ways to a daemon, how a file is read, and where things are. */
const captureMayTake = [
  /^collect\/(?:world|reason|regular-file|within-root)\.ts$/,
  /^collect\/engine\//,
  /^collect\/daemons\/debug-(?:client|socket)\.ts$/,
  /^collect\/cri\/(?:finder|grpc-client|methods)\.ts$/,
  /^collect\/containers\/(?:bundle-names|conmons)\.ts$/,
  /^collect\/cgroups\/(?:tree|hierarchies)\.ts$/,
  /^collect\/logs\/(?:blocks|content|entries-text|packing|utf16)\.ts$/,
];
/** Its types alone. */
const captureMayName = 'collect/processes/table.ts';

const pureRooms = ['base', 'sample', 'parse', 'model', 'rules', 'timeline', 'fleet', 'export', 'view'];
/** Where the time engine meets the clock: what comes in, what is played, and work that gives way to keys. */
const edgesOfTime = [
  'fleet/fleet-rounds.ts',
  'timeline/link-follower.ts',
  'timeline/recorded-source.ts',
  'timeline/scan.ts',
  'timeline/time-slice.ts',
];

function isAllowed(file: string, target: string): boolean {
  const room = roomOf(file);
  const law = laws[room];
  const matches = (allowed: string | RegExp): boolean =>
    typeof allowed === 'string' ? allowed === target : allowed.test(target);
  if (exceptions[file]?.some(matches)) return true;
  if (law === undefined) return false;
  if (!target.startsWith('.')) {
    return law.packages.some(matches) || (file.startsWith('view/terminal/') && ['ink', 'react'].includes(target));
  }
  const other = roomOf(path.join(path.dirname(file), target));
  return other === room || law.rooms.includes(other);
}

/** The sources that run when this one is loaded: without types, and without what is imported only when it is needed. */
function loadedBy(first: string, seen = new Set<string>()): string[] {
  if (seen.has(first)) return [];
  seen.add(first);
  for (const [, clause = '', target = ''] of codeOf(first).matchAll(/^import\s+([^;]*?)\s+from '(\.[^']+\.tsx?)'/gm)) {
    if (!clause.startsWith('type ')) loadedBy(path.join(path.dirname(first), target), seen);
  }
  return [...seen];
}

describe('the laws of the house', () => {
  test.each(files)('%s imports only what its room may', (file) => {
    expect(importsOf(file).filter((target) => !isAllowed(file, target))).toEqual([]);
  });

  test.each(files.filter((file) => pureRooms.includes(roomOf(file)) && !edgesOfTime.includes(file)))(
    '%s has no clock, chance, timer, environment or hook',
    (file) => {
      const forbidden =
        /\b(?:Date\.now|new Date\(\)|performance\.|Math\.random|setTimeout|setInterval|setImmediate|process\.(?:env|hrtime|uptime)|use(?:State|Effect|Ref|Memo|Reducer|Callback)\b)/;
      expect(forbidden.exec(codeOf(file))?.[0]).toBeUndefined();
    },
  );

  test('capture takes of collect only what reads, and no collector', () => {
    for (const file of files.filter((one) => roomOf(one) === 'capture')) {
      const taken = sourcesOf(file).filter((one) => roomOf(one) === 'collect' && one !== captureMayName);
      expect(
        taken.filter((one) => !captureMayTake.some((allowed) => allowed.test(one))),
        file,
      ).toEqual([]);
      for (const [statement] of textOf(file).matchAll(/^import [^;]+\/processes\/table\.ts';/gm)) {
        expect(statement, file).toMatch(/^import type /);
      }
    }
  });

  test('the view takes only types of time, not the engine', () => {
    for (const file of files.filter((one) => roomOf(one) === 'view')) {
      for (const [statement] of textOf(file).matchAll(/^import [^;]+\/timeline\/[^;]+;/gm)) {
        expect(statement, file).toMatch(/^import type /);
      }
    }
  });

  test('the exporter loads nothing of the screen, and the screen nothing of the exporter', () => {
    const ofScreen = /^(?:app|view\/terminal|view\/print|timeline\/(?!node-follower|markers))\//;
    expect(loadedBy('cli/commands/export.ts').filter((file) => ofScreen.test(file))).toEqual([]);
    expect(loadedBy('cli/commands/export.ts')).toContain('cli/export/exposition.ts');
    for (const first of ['cli/main.ts', 'cli/commands/watch.ts', 'app/run-screen.tsx', 'cli/commands/sample.ts']) {
      expect(loadedBy(first)).not.toContain('cli/export/exposition.ts');
    }
  });

  test('what runs on a node all the time does not import node:http, which would load Node.js’ own undici', () => {
    const long = [
      'cli/main.ts',
      'cli/commands/export.ts',
      'cli/export/guard.ts',
      'cli/commands/watch.ts',
      'app/run-screen.tsx',
      'cli/commands/sample.ts',
    ];
    for (const file of new Set(long.flatMap((first) => loadedBy(first)))) {
      expect(codeOf(file), file).not.toMatch(/^import (?!type )[^;]*'node:https?'/m);
    }
  });

  test('colours are named in one file', () => {
    const naming = files.filter((file) =>
      /\b(?:color|backgroundColor)\s*[=:]\s*\{?(?:['"](?:red|green|yellow|blue|magenta|cyan|white|gray|#)|\d)/.test(
        textOf(file),
      ),
    );
    expect(naming).toEqual(['view/terminal/theme/tones.ts']);
  });

  test('no file starts a program that hangs with the node', () => {
    for (const file of files) expect(codeOf(file), file).not.toMatch(/['"`](?:ps|pgrep|lsof|fuser|df|top)(?: |['"`])/);
  });
});
