import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const source = path.join(import.meta.dirname, '../../../src/cli/process/small-code.ts');
/** Prints what compiled a function after some calls, and after very many. */
const script = `
import { keepCodeSmall, optimizeOnce } from ${JSON.stringify(source)};
if (process.argv.includes('small')) keepCodeSmall();
if (process.argv.includes('once')) optimizeOnce();
const add = (one, other) => one + other;
const call = new Function('add', 'count', 'let sum = 0; while (count-- > 0) sum = add(sum, 1); return sum;');
const compilers = { Maglev: () => %ActiveTierIsMaglev(add), TurboFan: () => %ActiveTierIsTurbofan(add) };
const compilerOf = () => Object.keys(compilers).find((name) => compilers[name]()) ?? 'neither';
%NeverOptimizeFunction(call);
for (const count of [10_000, 10_000_000]) {
  call(add, count);
  console.log(compilerOf());
}
`;

function compilers(...args: readonly string[]): string {
  const flags = ['--single-threaded', '--allow-natives-syntax', '--input-type=module', '--eval', script, '--'];
  return execFileSync(process.execPath, [...flags, ...args], { encoding: 'utf8' });
}

test('what is seldom called is not optimized, and what is called very often is, by the smaller compiler', () => {
  expect(compilers('small')).toBe('neither\nMaglev\n');
  expect(compilers()).toBe('Maglev\nTurboFan\n');
});

test('a screen is optimized early, by the smaller compiler alone', () => {
  expect(compilers('once')).toBe('Maglev\nMaglev\n');
});

/** A function that is called very often, while the process is said to be calm, and then while it is said to be busy. */
const calm = `
import { setTimeout as pause } from 'node:timers/promises';
import { keepCodeSmall } from ${JSON.stringify(source)};
let busy = false;
keepCodeSmall({ everyMs: 1, warmMs: 0, cpuMs: () => (busy ? performance.now() : 0) });
const add = (one, other) => one + other;
const call = new Function('add', 'count', 'let sum = 0; while (count-- > 0) sum = add(sum, 1); return sum;');
%NeverOptimizeFunction(call);
await pause(5);
for (const is of [false, true]) {
  busy = is;
  await pause(5);
  call(add, 1_000_000);
  console.log(%ActiveTierIsMaglev(add));
}
`;

test('a process that is calm after its start optimizes nothing more, until it is busy', () => {
  const flags = ['--single-threaded', '--allow-natives-syntax', '--input-type=module', '--eval', calm];
  expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toBe('false\ntrue\n');
});

/** Prints whether a loop of WebAssembly, which turns ever so often, is still as it was compiled first. */
const webAssembly = `
import { setTimeout as pause } from 'node:timers/promises';
import { keepCodeSmall } from ${JSON.stringify(source)};
if (process.argv.includes('small')) keepCodeSmall();
const module = '0061736d0100000001060160017f017f03020100070801047370696e00000a120110000340200041016b22000d000b20000b';
const { instance } = await WebAssembly.instantiate(Buffer.from(module, 'hex'));
const { spin } = instance.exports;
for (let turn = 0; turn < 20; turn++) {
  spin(10_000_000);
  await pause(1);
}
console.log(%IsLiftoffFunction(spin));
`;

test('WebAssembly is compiled once', () => {
  const flags = ['--single-threaded', '--allow-natives-syntax', '--input-type=module', '--eval', webAssembly, '--'];
  expect(execFileSync(process.execPath, [...flags, 'small'], { encoding: 'utf8' })).toBe('true\n');
  expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toBe('false\n');
});
