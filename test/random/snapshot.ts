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
    SERVERS.map(async (id) =>
      (await catalog(world.lab, serverFacts(known, id).Host)).map(withoutOids).sort(),
    ),
  );
  const aws = (await inventory(world.aws)).filter((line) => !line.startsWith('log group /aws/rds/'));
  return { aws, first: first!, second: second! };
}

/** A role that was dropped and made again has another number. */
function withoutOids(line: string): string {
  return line.replace(/^((?:\w+: )?(?:comment \w+|default \S+)) \d+/, '$1 *');
}

/** The lines that were added and those that are missing. */
export function differences(now: readonly string[], before: readonly string[]): string[] {
  return [
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
  ];
}

export function allDifferences(now: Snapshot, before: Snapshot): string[] {
  return (['aws', 'first', 'second'] as const).flatMap((part) =>
    differences(now[part], before[part]).map((line) => `${part}: ${line}`),
  );
}
