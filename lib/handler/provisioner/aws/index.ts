import { sdkEndpointServices } from './endpoint-services';
import { sdkFunctions } from './functions';
import { sdkIam } from './iam';
import { sdkIamGroups } from './iam-groups';
import { sdkLogs } from './logs';
import { systemNames } from './names';
import { sdkNetworks } from './networks';
import { sdkNotices } from './notify';
import { sdkParameters } from './parameters';
import type { AwsPorts } from './ports';
import { sdkRds } from './rds';
import { sdkRotation } from './rotation';
import { sdkSecrets } from './secrets';
import { sdkStacks } from './stacks';
import { sdkStatementLog } from './statement-log';
import { sdkTargetGroups } from './target-groups';

/** AWS by the SDK that the Lambda runtime brings. */
export function sdkPorts(): AwsPorts {
  return {
    iam: sdkIam(),
    iamGroups: sdkIamGroups(),
    secrets: sdkSecrets(),
    rotation: sdkRotation(),
    parameters: sdkParameters(),
    notices: sdkNotices(),
    logs: sdkLogs(),
    statementLog: sdkStatementLog(),
    rds: sdkRds(),
    targetGroups: sdkTargetGroups(),
    endpointServices: sdkEndpointServices(),
    networks: sdkNetworks(),
    names: systemNames(),
    functions: sdkFunctions(),
    stacks: sdkStacks(),
  };
}
