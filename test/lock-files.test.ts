import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..');
const NOT_OURS = ['node_modules', '.git', 'dist', 'assets', 'cdk.out', '.cache'];

interface LockedPackage {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly bundleDependencies?: readonly string[];
}

type Packages = Readonly<Record<string, LockedPackage>>;

const lockFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : lockFiles(path);
    return ['package-lock.json', 'npm-shrinkwrap.json'].includes(entry.name) ? [path] : [];
  });

/** What lies in the archive of another package is covered by the checksum of that one. */
const isInArchive = (packages: Packages, path: string): boolean => {
  const holder = path.slice(0, path.lastIndexOf('/node_modules/'));
  const { bundleDependencies, inBundle } = packages[holder] ?? {};
  return path.includes('/node_modules/') && (bundleDependencies !== undefined || inBundle === true);
};

/** Packages that npm would install without a checksum, or from an address that the lock file names. */
function unsafeEntries(packages: Packages): string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    if (path === '') return [];
    const isSafe = entry.integrity?.startsWith('sha512-') || (entry.inBundle && isInArchive(packages, path));
    return [
      ...(isSafe ? [] : [`${path} has no integrity`]),
      ...(entry.resolved === undefined ? [] : [`${path} names ${entry.resolved}`]),
    ];
  });
}

test.each(lockFiles(root).map((path) => relative(root, path)))(
  '%s has a checksum of every package and no address of a registry: made anew without node_modules, both are right',
  (path) => {
    const { packages } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { packages: Packages };
    expect(unsafeEntries(packages)).toEqual([]);
    expect(Object.keys(packages).length).toBeGreaterThan(1);
    const npmrc = readFileSync(join(root, dirname(path), '.npmrc'), 'utf8').split('\n');
    expect(npmrc).toContain('omit-lockfile-registry-resolved=true');
  },
);

test('the lock files of the repository are found', () => {
  expect(lockFiles(root).map((path) => relative(root, path))).toEqual([
    'package-lock.json',
    'release/package-lock.json',
    'test/cdk-latest/package-lock.json',
    'test/mutation/package-lock.json',
  ]);
});

test('a package without a checksum, and one from an address, are found', () => {
  const integrity = 'sha512-AAAA';
  const packages: Packages = {
    '': {},
    'node_modules/good': { integrity },
    'node_modules/bare': {},
    'node_modules/weak': { integrity: 'sha1-AAAA' },
    'node_modules/elsewhere': { integrity, resolved: 'https://registry.example/elsewhere.tgz' },
    'node_modules/linked': { link: true, resolved: '../linked' },
    'node_modules/our-bundle': { inBundle: true },
    'node_modules/holder': { integrity, bundleDependencies: ['inside'] },
    'node_modules/holder/node_modules/inside': { inBundle: true },
    'node_modules/good/node_modules/inside': { inBundle: true },
  };
  expect(unsafeEntries(packages)).toEqual([
    'node_modules/bare has no integrity',
    'node_modules/weak has no integrity',
    'node_modules/elsewhere names https://registry.example/elsewhere.tgz',
    'node_modules/linked has no integrity',
    'node_modules/linked names ../linked',
    'node_modules/our-bundle has no integrity',
    'node_modules/good/node_modules/inside has no integrity',
  ]);
});
