import { parseProperties } from '../runtime/fields';
import { type LogsUser, parseLogsUser } from '../aws/logs-user-policy';

/** The start of the physical ids. */
export const LOGS_USER_GROUP = 'datafold-logs-user-group/';

/** `LogsUserGroupProperties`, checked. */
export interface LogsUserGroupRequest extends LogsUser {
  readonly groupName: string;
  readonly policyArn: string;
}

export function parseLogsUserGroup(properties: unknown): LogsUserGroupRequest {
  return parseProperties(properties, (fields) => ({
    ...parseLogsUser(fields),
    groupName: fields.text('groupName'),
    policyArn: fields.text('policyArn'),
  }));
}

/** Returns the physical id of the membership of a user in a group. */
export function logsUserGroupId(groupName: string, userName: string): string {
  return `${LOGS_USER_GROUP}${groupName}/${userName}`;
}
