import { DatabaseAccess } from '../../database-access';
import type { IDatabaseAccess } from '../../database-access-props';
import type { ProvisionedResource } from '../functions/provisioned-resource';

/** Returns the resource whose managed policies contain the permissions of a data source; undefined for an imported role. */
export function rightsOf(access: IDatabaseAccess): ProvisionedResource | undefined {
  return access instanceof DatabaseAccess ? access._resource : undefined;
}
