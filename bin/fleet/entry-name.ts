import type { FleetDocument, Path } from './fleet';

/** Returns the name of an entry of the file for messages: `111111111111, eu-west-1, cluster orders`. */
export function entryName(document: unknown, path: Path): string {
  const [top, account, part, region, , index] = path;
  if (top !== 'accounts' || account === undefined) return String(top ?? 'the file');
  if (part !== undefined && part !== 'regions') return `${account}, ${part}`;
  const names = [String(account)];
  if (region !== undefined) names.push(String(region));
  if (typeof index === 'number') names.push(serverEntryName(document, path));
  return names.join(', ');
}

function serverEntryName(document: unknown, [, account, , region, , index]: Path): string {
  const entry = (document as FleetDocument).accounts[account]?.regions?.[region]?.servers?.[Number(index)];
  if (entry?.cluster !== undefined) return `cluster ${entry.cluster}`;
  if (entry?.instance !== undefined) return `instance ${entry.instance}`;
  return `server ${Number(index) + 1}`;
}
