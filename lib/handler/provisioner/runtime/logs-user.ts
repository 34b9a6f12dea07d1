import type { Fields } from './fields';

/** An IAM user and the managed policy that limits what its access key may do. */
export interface LogsUser {
  readonly userName: string;
  /** The ARN. */
  readonly userPolicy: string;
}

export function parseLogsUser(fields: Fields): LogsUser {
  return { userName: fields.text('userName'), userPolicy: fields.text('userPolicyArn') };
}
