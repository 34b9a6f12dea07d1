import { parseProperties } from '../runtime/properties';

/** `LogsUserGroupProperties`, checked. */
export interface LogsUserGroupRequest {
  readonly userName: string;
  readonly groupName: string;
  readonly policyArn: string;
}

export function parseLogsUserGroup(properties: unknown): LogsUserGroupRequest {
  return parseProperties(properties, (fields) => ({
    userName: fields.text('userName'),
    groupName: fields.text('groupName'),
    policyArn: fields.text('policyArn'),
  }));
}
