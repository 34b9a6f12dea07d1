import { gunzipSync } from 'node:zlib';

/** The folder of a function. */
export type FunctionName = 'provisioner' | 'sql-runner';

/** Reads a file of the folder `assets/` of the package. */
export type ReadAsset = (file: string) => Buffer;

/** The certificates of RDS, which the code of both functions requires by this name. */
const AUTHORITIES = 'rds-authorities.json';

/**
 * Returns the files of a function by their names.
 *
 * The package has only their compressed form, which templates contain too. Each version of zlib compresses differently, but all
 * decompress to the same files, so assets and templates do not depend on the machine.
 */
export function functionFiles(name: FunctionName, read: ReadAsset): ReadonlyMap<string, Buffer> {
  return new Map([
    ['index.js', gunzipSync(read(`${name}.js.gz`))],
    [AUTHORITIES, gunzipSync(read(`${AUTHORITIES}.gz`))],
  ]);
}

/** Returns the code of a function as one file, which decompresses the code when it starts and the certificates when it needs them. */
export function inlineCode(name: FunctionName, read: ReadAsset): string {
  const base64 = (file: string) => read(file).toString('base64');
  return `// The code of the ${name} and the certificates of RDS, compressed by gzip.
const unpack = (text) => require('node:zlib').gunzipSync(Buffer.from(text, 'base64')).toString();
const code = unpack('${base64(`${name}.js.gz`)}');
const certificates = () => JSON.parse(unpack('${base64(`${AUTHORITIES}.gz`)}'));
const requireFile = (name) => (name === './${AUTHORITIES}' ? certificates() : require(name));
const names = ['exports', 'require', 'module', '__filename', '__dirname'];
const run = require('node:vm').compileFunction(code, names, { filename: __filename });
run(exports, requireFile, module, __filename, __dirname);
`;
}
