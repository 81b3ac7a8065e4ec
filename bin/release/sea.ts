import fs from 'node:fs';
import path from 'node:path';
import { build } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { takeBuiltins } from '../builtins.js';
import { bundling } from '../bundle.js';
import { type Library, librariesOf } from '../licenses.ts';
import { run } from './run.ts';
import type { Target } from './targets.ts';

const root = path.join(import.meta.dirname, '../..');

/** The file URL and the folder of the program, for dependencies that make a require() of it: those of the executable. */
const metaNames = { filename: '$file', dirname: '$folder', url: '$url', resolve: '$resolve' };
const metaCode =
  'const $file = process.execPath, $folder = require("node:path").dirname($file), $url = require("node:url").pathToFileURL($file).href, $resolve = () => { throw new Error("not in this file"); };';

/**
 * The whole program as one CommonJS script: a single executable application (SEA) of Node.js 24 takes no ES modules.
 * The bundle has no top-level await left: without code splitting, a module loaded by import() is an async function.
 *
 * @returns the libraries in it
 */
export async function bundleScript(file: string): Promise<Library[]> {
  const built = await build({
    ...bundling,
    output: { format: 'esm', codeSplitting: false, minify: true, comments: false },
    write: false,
  });
  const [chunk] = built.output;
  if (built.output.length !== 1 || chunk.type !== 'chunk') throw new Error('the bundle is not one script');
  fs.writeFileSync(file, inAscii(commonJs(chunk.code)));
  return librariesOf(built);
}

/**
 * V8 keeps the source, in two bytes a character if one is beyond Latin-1. Escapes mean the same in strings, templates and regular
 * expressions, but not in a raw template.
 */
function inAscii(code: string): string {
  if (/\braw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('a raw template is not ASCII: it cannot be escaped');
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Rewrites the imports of built-in modules, the only ones left, to require(). */
function commonJs(code: string): string {
  const { heads, rest } = takeBuiltins(code, (name) => `require(${JSON.stringify(name)})`);
  let text = '';
  let from = 0;
  for (const node of parseAst(rest).body) {
    if (node.type !== 'ExportNamedDeclaration' || node.declaration !== null || node.specifiers.length > 0) continue;
    text += rest.slice(from, node.start);
    from = node.end;
  }
  text += rest.slice(from);
  // Not by `define`: rolldown itself writes it, for __dirname and require().
  text = text.replaceAll(
    /\bimport\.meta\.(url|dirname|filename|resolve)\b/g,
    (_, name: keyof typeof metaNames) => metaNames[name],
  );
  return `"use strict";\n${metaCode}\n${heads.join('\n')}\n${text}`;
}

/**
 * The blob of the SEA: script, code cache and assets.
 *
 * The code cache must come from the Node.js that will use it, and differs from run to run in the seed of its hash tables. With a fixed
 * seed it does not, but then carries the hash of other flags than a start without that flag has, and would be refused: that hash
 * is taken from a blob made without it.
 */
export async function makeBlob(target: Target, script: string, folder: string): Promise<Buffer> {
  const [seeded, plain] = await Promise.all([
    blobOf(target, script, path.join(folder, 'seeded'), ['--hash-seed=1']),
    blobOf(target, script, path.join(folder, 'plain'), []),
  ]);
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

async function blobOf(target: Target, script: string, name: string, flags: readonly string[]): Promise<Buffer> {
  const output = `${name}.blob`;
  const config = {
    // Relative: the blob holds it.
    main: path.basename(script),
    output,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    // Flags for the sampler come by --node-options; NODE_OPTIONS of the machine's other programs is not read.
    execArgvExtension: 'cli',
    assets: { 'demo/stop.zst': path.join(root, 'demo/stop.zst'), licenses: path.join(path.dirname(name), 'licenses') },
  };
  const file = `${name}.json`;
  fs.writeFileSync(file, JSON.stringify(config));
  const [program = '', ...args] = [...target.run, ...flags, '--experimental-sea-config', file];
  await run(program, args, {}, path.dirname(script));
  return fs.readFileSync(output);
}
