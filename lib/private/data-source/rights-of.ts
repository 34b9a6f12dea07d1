import { DatabaseAccess } from '../../database-access';
import type { IDatabaseAccess } from '../../database-access-props';
import type { ProvisionedResource } from '../functions/provisioned-resource';

/** Whose managed policies have room for the rights of a data source: IAM allows few for a role. One of another app has none here. */
export function rightsOf(access: IDatabaseAccess): ProvisionedResource | undefined {
  return access instanceof DatabaseAccess ? access._resource : undefined;
}
