import fs from 'node:fs';
import path from 'node:path';
import { run } from '../engine/run.ts';

const root = path.join(import.meta.dirname, '../..');

/** A value, and the type that it must have: `DaemonSet` of `kubernetes-types/apps/v1`. */
export interface Typed {
  readonly name: string;
  readonly value: unknown;
  readonly type: string;
  readonly from: string;
}

/** Takes the strings of an enumeration for what they are in JSON. */
const plain = `
type Plain<T> = unknown extends T ? T
  : T extends string ? \`\${T}\`
  : T extends number | boolean | null | undefined ? T
  : { [K in keyof T]: Plain<T[K]> };
`;

/**
 * What the compiler says of values as literals of their types: a field that is missing, unknown or of another type. Types are the
 * schemas that npm has of Kubernetes and Grafana; unlike their JSON schemas they know no field that is not in them.
 */
export async function typeErrors(values: readonly Typed[]): Promise<string> {
  // Beside the tests, because modules are looked up from there.
  const folder = fs.mkdtempSync(path.join(root, 'node_modules/.typed-'));
  try {
    const file = path.join(folder, 'values.ts');
    const constants = values.map(
      ({ name, value, type, from }, index) =>
        `// ${name}\nexport const value${index}: Plain<import('${from}').${type}> = ${JSON.stringify(value, null, 1)};\n`,
    );
    fs.writeFileSync(file, `${plain}${constants.join('')}`);
    const options = ['--ignoreConfig', '--pretty', 'false', '--noEmit', '--strict', '--skipLibCheck', '--types', ''];
    const modules = ['--module', 'preserve', '--moduleResolution', 'bundler'];
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const { stdout, stderr } = await run(process.execPath, [compiler, ...options, ...modules, file], { cwd: folder });
    return `${stdout}${stderr}`.trim();
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
