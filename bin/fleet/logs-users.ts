import type { Problem } from '../settings/schema';
import type { FleetDocument, FleetLogsUser } from './fleet';

/**
 * The logs user of each account that has servers.
 *
 * There is one, whatever the number of regions, since users are the account's.
 */
export function resolveLogsUsers(document: FleetDocument): { found: FleetLogsUser[]; problems: Problem[] } {
  const found: FleetLogsUser[] = [];
  const problems: Problem[] = [];
  for (const [account, { logsUser, regions }] of Object.entries(document.accounts)) {
    const names = Object.keys(regions).filter((name) => regions[name].servers.length > 0);
    if (names.length === 0) continue;
    const entry = { ...document.logsUser, ...logsUser };
    const region = entry.region ?? (names.length === 1 ? names[0] : undefined);
    if (entry.accessKeySecret !== undefined) {
      const { accessKeySecret, accessKeySecretKey } = entry;
      found.push({ account, accessKeySecret, accessKeySecretKey });
    } else if (region === undefined) {
      problems.push({ path: ['accounts', account], text: `\`logsUser\` is missing: ${oneOf(names)}` });
    } else {
      found.push({ account, region });
    }
  }
  return { found, problems };
}

/** The choice must stay the same for ever, so it is not made by the order of the file. */
const oneOf = (regions: string[]) =>
  `the account has servers in ${regions.join(', ')}; say which region makes the logs user of their logs, ` +
  `for example "logsUser": { "region": "${regions[0]}" }`;
