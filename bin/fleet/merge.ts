import { optionsOfOthers } from '../settings/network';
import type { Settings } from '../settings/settings';

/** The pairs of settings of which one, if a level sets it, removes the other one of a higher level. */
const EXCLUSIVE: readonly (readonly [keyof Settings, keyof Settings])[] = [
  ['cluster', 'instance'],
  ['schemas', 'excludeSchemas'],
  ['securityGroup', 'functionSecurityGroup'],
];

/** Merges the settings of a server, from the fleet's defaults to the server's entry: later levels override earlier ones. */
export function merge(levels: readonly (Settings | undefined)[]): Settings {
  let merged: Settings = {};
  for (const level of levels) {
    if (!level) continue;
    const inherited: { -readonly [K in keyof Settings]: Settings[K] } = { ...merged };
    for (const [one, other] of EXCLUSIVE) {
      if (level[one] !== undefined) delete inherited[other];
      if (level[other] !== undefined) delete inherited[one];
    }
    if (level.networkAccess !== undefined)
      for (const [, option] of optionsOfOthers(level.networkAccess)) delete inherited[option];
    merged = { ...inherited, ...level };
  }
  return merged;
}
