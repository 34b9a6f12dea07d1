import { ContinueLater } from '../outcome';
import type { Reconciliation } from '../parse/reconcile';
import { driftOf } from '../resources/statement-logging/drift';
import { observe, readRecord } from '../resources/statement-logging/observe';
import { availableServer } from '../resources/statement-logging/server-status';
import { setUpLogging } from '../resources/statement-logging/set-up';
import type { Run } from '../run';

/** What somebody changed in the statement logging of a server; repaired, if wanted, but never by a reboot. */
export async function compareServer(
  run: Run,
  { wanted, ownerKey }: NonNullable<Reconciliation['logging']>,
  repair: boolean,
): Promise<string[] | ContinueLater> {
  const server = await availableServer(run, wanted.server);
  const record = await readRecord(run, server, ownerKey, wanted);
  const drift = driftOf(await observe(run, server, record, wanted, ownerKey), record, wanted);
  if (drift.length === 0 || !repair) return drift;
  const request = { wanted: { ...wanted, reboot: 'never' as const }, ownerKey, state: undefined };
  const outcome = await setUpLogging(request, run, wanted);
  return outcome instanceof ContinueLater ? outcome : drift;
}
