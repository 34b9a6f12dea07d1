import type { ResourceType } from '../../private/wire/resources';
import { Failure } from './failure';
import { handleBy, type Handle } from './lifecycle';
import { isMadeId } from './physical-ids';
import { accessKey } from './resources/access-key';
import { dataSource } from './resources/data-source';
import { databaseAccess } from './resources/database-access';
import { lineageProof } from './resources/lineage-proof';
import { logExclusions } from './resources/log-exclusions';
import { logGroup } from './resources/log-group';
import { logsUserGroup } from './resources/logs-user-group';
import { passwordRotation } from './resources/password-rotation';
import { registration } from './resources/registration';
import { statementLogging } from './resources/statement-logging';

const HANDLERS: Record<ResourceType, Handle> = {
  'Custom::DatafoldDatabaseAccess': handleBy(databaseAccess),
  'Custom::DatafoldAccessKey': handleBy(accessKey),
  'Custom::DatafoldLogsUserGroup': handleBy(logsUserGroup),
  'Custom::DatafoldDataSource': handleBy(dataSource),
  'Custom::DatafoldLogGroup': handleBy(logGroup),
  'Custom::DatafoldLogExclusions': handleBy(logExclusions),
  'Custom::DatafoldRegistration': handleBy(registration),
  'Custom::DatafoldPasswordRotation': handleBy(passwordRotation),
  'Custom::DatafoldLineageProof': handleBy(lineageProof),
  'Custom::DatafoldStatementLogging': handleBy(statementLogging),
};

/** The code for a type of custom resource. */
export function handlerOf(resourceType: string): Handle {
  return Object.hasOwn(HANDLERS, resourceType) ? HANDLERS[resourceType as ResourceType] : refuse;
}

/** Nothing was made by a Create that was refused, so its Delete has nothing to do. */
const refuse: Handle = async ({ requestType, resourceType, physicalResourceId = '' }) => {
  if (requestType === 'Delete' && !isMadeId(physicalResourceId)) return { physicalId: physicalResourceId };
  throw new Failure(
    `The provisioner does not know the resource type ${resourceType}, only ${Object.keys(HANDLERS).join(', ')}. Deploy constructs and provisioner of the same release.`,
  );
};
