import type { ResourceType } from '../../private/wire/resources';
import { Failure } from './failure';
import { handleBy, type Handle } from './lifecycle';
import { accessKey } from './resources/access-key';
import { dataSource } from './resources/data-source';
import { databaseAccess } from './resources/database-access';
import { logGroup } from './resources/log-group';

/** Not yet: servers that exist already. */
type Supported = Exclude<ResourceType, 'Custom::DatafoldStatementLogging'>;

const HANDLERS: Record<Supported, Handle> = {
  'Custom::DatafoldDatabaseAccess': handleBy(databaseAccess),
  'Custom::DatafoldAccessKey': handleBy(accessKey),
  'Custom::DatafoldDataSource': handleBy(dataSource),
  'Custom::DatafoldLogGroup': handleBy(logGroup),
};

/** The code for a type of custom resource. */
export function handlerOf(resourceType: string): Handle {
  if (Object.hasOwn(HANDLERS, resourceType)) return HANDLERS[resourceType as Supported];
  throw new Failure(
    `The provisioner does not know the resource type ${resourceType}, only ${Object.keys(HANDLERS).join(', ')}. Deploy constructs and provisioner of the same release.`,
  );
}
