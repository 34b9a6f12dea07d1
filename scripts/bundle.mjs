// Bundles what the package contains, so synthesis needs no bundler: the code of the two functions into assets/, and the command line
// tool with its dependencies into dist/cli/.
//
//   node scripts/bundle.mjs                              the bundles
//   node scripts/bundle.mjs --third-party                the bundles and, for the package, their licenses and bill of materials
//   node scripts/bundle.mjs --third-party --no-bundles   the licenses and the bill of materials only
import { bundleCli, bundleFleet } from './bundle-command.mjs';
import { bundleFunctions } from './bundle-functions.mjs';
import { writeThirdParty } from './third-party.mjs';

const metafiles = (await Promise.all([bundleFunctions(), bundleCli(), bundleFleet()])).flat();
if (process.argv.includes('--third-party')) writeThirdParty(metafiles);
