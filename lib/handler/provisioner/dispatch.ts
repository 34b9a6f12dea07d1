import type { ResourceType } from '../../private/wire/resources';
import type { AwsPorts } from './aws/ports';
import { Failure } from './runtime/failure';
import { handleBy, type Handle } from './runtime/lifecycle';
import { isMadeId } from './runtime/physical-ids';
import { accessKey } from './access-key/lifecycle';
import { allowlist } from './allowlist/lifecycle';
import { dataSource } from './data-source/lifecycle';
import { databaseAccess } from './database-access/lifecycle';
import { lineageProof } from './lineage-proof/lifecycle';
import { logExclusions } from './log-exclusions/lifecycle';
import { logGroup } from './log-group/lifecycle';
import { logsUserGroup } from './logs-user-group/lifecycle';
import { endpointService } from './private-link/endpoint-service';
import { privateLinkTargets } from './private-link/targets';
import { registration } from './registration/lifecycle';
import { statementLogging } from './statement-logging/lifecycle';

/** The prefix of all physical ids of this function. */
export const ID_PREFIX = 'datafold-';

const HANDLERS: Record<ResourceType, Handle<AwsPorts>> = {
  'Custom::DatafoldDatabaseAccess': handleBy(databaseAccess),
  'Custom::DatafoldAccessKey': handleBy(accessKey),
  'Custom::DatafoldLogsUserGroup': handleBy(logsUserGroup),
  'Custom::DatafoldDataSource': handleBy(dataSource),
  'Custom::DatafoldLogGroup': handleBy(logGroup),
  'Custom::DatafoldLogExclusions': handleBy(logExclusions),
  'Custom::DatafoldRegistration': handleBy(registration),
  'Custom::DatafoldLineageProof': handleBy(lineageProof),
  'Custom::DatafoldPrivateLinkTargets': handleBy(privateLinkTargets),
  'Custom::DatafoldEndpointService': handleBy(endpointService),
  'Custom::DatafoldAllowlist': handleBy(allowlist),
  'Custom::DatafoldStatementLogging': handleBy(statementLogging),
};

/** Returns the handler of a resource type. */
export function handlerOf(resourceType: string): Handle<AwsPorts> {
  return Object.hasOwn(HANDLERS, resourceType) ? HANDLERS[resourceType as ResourceType] : refuse;
}

/** A refused Create creates nothing, so its Delete does nothing. */
const refuse: Handle<AwsPorts> = async ({ requestType, resourceType, physicalResourceId = '' }) => {
  if (requestType === 'Delete' && !isMadeId(ID_PREFIX, physicalResourceId))
    return { physicalId: physicalResourceId };
  throw new Failure(
    `The provisioner does not know the resource type ${resourceType}, only ${Object.keys(HANDLERS).join(', ')}. Deploy constructs and provisioner of the same release.`,
  );
};
