import type { Settings } from '../settings/settings';

/** Who sets one of these takes back what a level above said of the other. */
const EXCLUSIVE: readonly (readonly [keyof Settings, keyof Settings])[] = [
  ['cluster', 'instance'],
  ['schemas', 'excludeSchemas'],
  ['securityGroup', 'functionSecurityGroup'],
];

/** The settings of a server: from the fleet's defaults down to its own entry, each level going before those above. */
export function merge(levels: readonly (Settings | undefined)[]): Settings {
  let merged: Settings = {};
  for (const level of levels) {
    if (!level) continue;
    const inherited: { -readonly [K in keyof Settings]: Settings[K] } = { ...merged };
    for (const [one, other] of EXCLUSIVE) {
      if (level[one] !== undefined) delete inherited[other];
      if (level[other] !== undefined) delete inherited[one];
    }
    merged = { ...inherited, ...level };
  }
  return merged;
}
