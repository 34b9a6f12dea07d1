import { halfMadeId } from '../runtime/physical-ids';
import { placeOf, type ServerTarget } from '../sql-client/server-target';

const KEPT_ACCESS = 'datafold-kept-access/';

/** A role on a server. One that is looked up is the same server whatever its host name becomes. */
export function accessId({ at, port }: Pick<ServerTarget, 'at' | 'port'>, roleName: string): string {
  return `datafold-access/${placeOf({ at, port })}/${roleName}`;
}

/** A role that was there before the Create that failed: its Delete keeps it. */
export function keptAccessId(server: Pick<ServerTarget, 'at' | 'port'>, roleName: string): string {
  return `${KEPT_ACCESS}${placeOf(server)}/${roleName}`;
}

/** A role that a Create may have made before it failed: its Delete takes it away, whatever the removal policy is. */
export function halfMadeAccessId(server: Pick<ServerTarget, 'at' | 'port'>, roleName: string): string {
  return halfMadeId(accessId(server, roleName));
}

export function isKeptAccessId(physicalId: string): boolean {
  return physicalId.startsWith(KEPT_ACCESS);
}
