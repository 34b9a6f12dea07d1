import { catalog } from '../e2e/support/catalog';
import { inventory } from '../e2e/support/inventory';
import type { World } from '../e2e/support/world';
import { serverFacts, SERVERS } from './templates';

/** All that there is: in AWS, and in each of the two servers. */
export interface Snapshot {
  readonly aws: readonly string[];
  readonly first: readonly string[];
  readonly second: readonly string[];
}

export async function snapshot(world: World, known: Record<string, string>): Promise<Snapshot> {
  const [first, second] = await Promise.all(
    SERVERS.map(async (id) => catalog(world.lab, serverFacts(known, id).Host)),
  );
  const aws = (await inventory(world.aws)).filter((line) => !line.startsWith('log group /aws/rds/'));
  return { aws, first: first!, second: second! };
}

/** Without the numbers of roles: one that was dropped and made again has another. */
function withoutOids(line: string): string {
  return line.replace(/^((?:\w+: )?(?:comment \w+|default \S+)) \d+/, '$1 *');
}

/** The lines that were added and those that are missing. */
export function differences(
  linesNow: readonly string[],
  linesBefore: readonly string[],
  sameRoles = false,
): string[] {
  const [now, before] = [linesNow, linesBefore].map((lines) => (sameRoles ? lines : lines.map(withoutOids)));
  return [
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
  ];
}

/** With `sameRoles` a role must not have been made again either. */
export function allDifferences(now: Snapshot, before: Snapshot, sameRoles = false): string[] {
  return (['aws', 'first', 'second'] as const).flatMap((part) =>
    differences(now[part], before[part], sameRoles).map((line) => `${part}: ${line}`),
  );
}
