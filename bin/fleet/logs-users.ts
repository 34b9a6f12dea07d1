import type { Problem } from '../settings/schema';
import type { FleetDocument, FleetLogsUser } from './fleet';

/**
 * Returns the logs user of each account that has servers.
 *
 * An account has one logs user for all regions, since IAM users are global.
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

/** Chooses a region independently of the order of the file, so that the choice never changes. */
const oneOf = (regions: string[]) =>
  `the account has servers in ${regions.join(', ')}; say which region makes the logs user of their logs, ` +
  `for example "logsUser": { "region": "${regions[0]}" }`;
