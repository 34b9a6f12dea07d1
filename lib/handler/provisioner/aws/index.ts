import { sdkFunctions } from './functions';
import { sdkIam } from './iam';
import { sdkLogs } from './logs';
import type { AwsPorts } from './ports';
import { sdkRds } from './rds';
import { sdkSecrets } from './secrets';

/** AWS by the SDK that the Lambda runtime brings. */
export function sdkPorts(): AwsPorts {
  return { iam: sdkIam(), secrets: sdkSecrets(), logs: sdkLogs(), rds: sdkRds(), functions: sdkFunctions() };
}
