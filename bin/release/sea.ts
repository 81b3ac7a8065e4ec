import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { bundling } from '../bundle.js';
import type { Target } from './targets.ts';

const root = path.join(import.meta.dirname, '../..');

/** The file URL and the folder of the program, for dependencies that make a require() of it: those of the executable. */
const metaNames = { filename: '$file', dirname: '$folder', url: '$url', resolve: '$resolve' };
const metaCode =
  'const $file = process.execPath, $folder = require("node:path").dirname($file), $url = require("node:url").pathToFileURL($file).href, $resolve = () => { throw new Error("not in this file"); };';

/**
 * The whole program as one CommonJS script: a single executable application (SEA) of Node.js 24 takes no ES modules.
 * The bundle has no top-level await left: without code splitting, a module loaded by import() is an async function.
 */
export async function bundleScript(file: string): Promise<void> {
  const { output } = await build({
    ...bundling,
    output: { format: 'esm', codeSplitting: false, minify: true, comments: false },
    write: false,
  });
  const [chunk] = output;
  if (output.length !== 1 || chunk.type !== 'chunk') throw new Error('the bundle is not one script');
  fs.writeFileSync(file, commonJs(chunk.code));
}

/** Rewrites the imports of built-in modules, the only ones left, to require(). */
function commonJs(code: string): string {
  let text = '';
  let from = 0;
  const heads: string[] = [];
  for (const node of parseAst(code).body) {
    if (node.type === 'ExportNamedDeclaration' && node.declaration === null && node.specifiers.length === 0) {
      text += code.slice(from, node.start);
      from = node.end;
    }
    if (node.type !== 'ImportDeclaration') continue;
    const load = `require(${JSON.stringify(node.source.value)})`;
    const names: string[] = [];
    for (const specifier of node.specifiers) {
      const local = specifier.local.name;
      if (specifier.type === 'ImportSpecifier') names.push(`${nameOf(specifier.imported)}: ${local}`);
      else heads.push(`const ${local} = ${load};`);
    }
    if (names.length > 0) heads.push(`const { ${names.join(', ')} } = ${load};`);
    text += code.slice(from, node.start);
    from = node.end;
  }
  text += code.slice(from);
  // Not by `define`: rolldown itself writes it, for __dirname and require().
  text = text.replaceAll(
    /\bimport\.meta\.(url|dirname|filename|resolve)\b/g,
    (_, name: keyof typeof metaNames) => metaNames[name],
  );
  return `"use strict";\n${metaCode}\n${heads.join('\n')}\n${text}`;
}

function nameOf(imported: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return imported.name ?? JSON.stringify(imported.value);
}

/**
 * The blob of the SEA: script, code cache and assets.
 *
 * The code cache must come from the Node.js that will use it, and differs from run to run in the seed of its hash tables. With a fixed
 * seed it does not, but then carries the hash of other flags than a start without that flag has, and would be refused: that hash
 * is taken from a blob made without it.
 */
export function makeBlob(target: Target, script: string, folder: string): Buffer {
  const seeded = blobOf(target, script, folder, ['--hash-seed=1']);
  const plain = blobOf(target, script, folder, []);
  const at = cacheAt(seeded);
  const from = cacheAt(plain);
  if (!seeded.subarray(at, at + flagsAt).equals(plain.subarray(from, from + flagsAt))) {
    throw new Error('the code caches are not of one script and one V8');
  }
  plain.copy(seeded, at + flagsAt, from + flagsAt, from + flagsAt + 4);
  return seeded;
}

/** The header of V8's code cache (SerializedCodeData): magic number, version, hash of the source, hash of the flags, … */
const cacheMagic = Buffer.from([0x89, 0x06, 0xde, 0xc0]);
const flagsAt = 12;

function cacheAt(blob: Buffer): number {
  const at = blob.lastIndexOf(cacheMagic);
  if (at < 0) throw new Error('no code cache in the blob: V8 changed the header');
  return at;
}

function blobOf({ run }: Target, script: string, folder: string, flags: readonly string[]): Buffer {
  const output = path.join(folder, 'program.blob');
  const config = {
    main: script,
    output,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    // Flags for the sampler come by --node-options; NODE_OPTIONS of the machine's other programs is not read.
    execArgvExtension: 'cli',
    assets: { 'demo/stop.zst': path.join(root, 'demo/stop.zst'), licenses: path.join(folder, 'licenses') },
  };
  const file = path.join(folder, 'sea.json');
  fs.writeFileSync(file, JSON.stringify(config));
  const [program = '', ...args] = [...run, ...flags, '--experimental-sea-config', file];
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return fs.readFileSync(output);
}
