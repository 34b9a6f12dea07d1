import { missing } from '../settings/missing';
import type { Problem } from '../settings/schema';
import { serverName, type ServerSettings } from '../settings/settings';
import type { FleetDocument, FleetServer } from './fleet';
import { merge } from './merge';

/** Returns every server of the file with its complete settings, and the problems with them. */
export function resolveServers(document: FleetDocument): { found: FleetServer[]; problems: Problem[] } {
  const found: FleetServer[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const server of entries(document)) {
    const { account, region, path, settings } = server;
    const wrong = missing(settings);
    const key = `${account}/${region}/${serverName(settings)}`;
    if (wrong.length === 0 && seen.has(key))
      wrong.push('this server appears twice: leave out one of the two');
    seen.add(key);
    problems.push(...wrong.map((text) => ({ path, text })));
    found.push({ ...server, settings: settings as ServerSettings });
  }
  return { found, problems };
}

function* entries({ accounts, defaults, stackPer }: FleetDocument) {
  for (const [account, inAccount] of Object.entries(accounts)) {
    for (const [region, inRegion] of Object.entries(inAccount.regions)) {
      for (const [index, entry] of inRegion.servers.entries()) {
        const { stack, ...settings } = merge([defaults, inAccount.defaults, inRegion.defaults, entry]);
        yield {
          account,
          region,
          settings,
          sharedStack: stack ?? (stackPer === 'region' ? 'servers' : undefined),
          path: ['accounts', account, 'regions', region, 'servers', index],
        };
      }
    }
  }
}
