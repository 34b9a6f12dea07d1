import { Failure, reasonOf } from '../runtime/failure';
import { shorten } from '../../shorten';
import type { Run } from './run';
import { documentation } from '../../../private/references';

const KEY_OF_SECRET =
  "Allow the provisioner's role to use the KMS key of the secret, and enable the key if it is disabled, then deploy again.";

const NEXT_STEP: Readonly<Record<string, string>> = {
  AccessDenied:
    "The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.",
  ResourceNotFound: 'It does not exist or is empty: check the name or ARN and the region, then deploy again.',
  NoSuchEntity: 'It does not exist: check the name, then deploy again.',
  InvalidRequest: 'Its state does not allow the call: see the message of AWS, then deploy again.',
  DecryptionFailure: KEY_OF_SECRET,
  EncryptionFailure: KEY_OF_SECRET,
  LimitExceeded:
    'A quota of the account is used up: free some of it or request an increase, then deploy again.',
};

const AGAIN =
  'remove the construct that creates it from the app and deploy, then add the construct again and deploy';
const SECRET_MISSING = `It does not exist. Check the ARN and the region; if it was deleted by hand, restore it (aws secretsmanager restore-secret) while its recovery window lasts. After that ${AGAIN}: a new secret has another ARN.`;
const FUNCTION_MISSING = `It does not exist. If it was deleted by hand, ${AGAIN}, or create a function of the same name with the same settings.`;

const TARGET_GROUP_MISSING = `It does not exist. If it was deleted by hand, ${AGAIN}.`;

/** Codes after which the same call may succeed later. */
const TRANSIENT = [
  'Throttling',
  'TooManyRequests',
  'ServiceUnavailable',
  'InternalFailure',
  'InternalServiceError',
  'OperationAborted',
];

/** Codes of Node and of the SDK for network failures between the provisioner and AWS. */
const NO_ANSWER = /^(E[A-Z_]+|TimeoutError|AbortError|RequestTimeout)$/;

/** Actions that need the KMS key of the secret, which the provisioner may use only if the secret was imported with its key. */
const WITH_KEY = ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'];
const DENIED_WITH_KEY = `The provisioner's role lacks this permission. If the secret has a customer managed KMS key, import it with that key (${documentation('troubleshooting')}); else check for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again.`;

/** Returns the next step for a person. */
function nextStep(action: string, code: string, resource: string, detail: string): string {
  if (code === 'AccessDenied' && WITH_KEY.includes(action)) return DENIED_WITH_KEY;
  if (code === 'InvalidRequest' && isMarkedForDeletion(detail))
    return `Restore it (aws secretsmanager restore-secret --secret-id ${resource}) or name another one, then deploy again.`;
  if (code === 'ResourceNotFound' && action.startsWith('secretsmanager:') && !/staging label/.test(detail))
    return SECRET_MISSING;
  if (code === 'ResourceNotFound' && action === 'lambda:InvokeFunction') return FUNCTION_MISSING;
  if (code === 'TargetGroupNotFound') return TARGET_GROUP_MISSING;
  if (code === 'NoSuchEntity' && /^user [^,]+$/.test(resource))
    return `It does not exist. If it was deleted, ${userMadeAgain(resource.slice(5))}, put it into its group, then deploy again.`;
  return NEXT_STEP[code] ?? 'Deploy again; if the failure persists, find the code in the AWS documentation.';
}

/** Returns how a person creates a user again: CloudFormation attaches the policy only when it creates the user itself. */
export function userMadeAgain(userName: string, policyArn?: string): string {
  const attach = policyArn
    ? `its managed policy (${attachUserPolicy(userName, policyArn)})`
    : 'the managed policy that its stack defines (aws iam attach-user-policy; without it the key reads every log)';
  return `create it again under the same name (aws iam create-user --user-name ${userName}), attach ${attach}`;
}

/** Returns the command that attaches a policy to a user. */
export function attachUserPolicy(userName: string, policyArn: string): string {
  return `aws iam attach-user-policy --user-name ${userName} --policy-arn ${policyArn}`;
}

/** True for the message of Secrets Manager about a secret that is scheduled for deletion, which has no code of its own. */
export function isMarkedForDeletion(message: string): boolean {
  return /marked .*delet/.test(message);
}

/** A failed AWS call, in words for a person. */
export class AwsFailure extends Failure {
  override readonly name = 'AwsFailure';

  constructor(
    /** The action as in an IAM policy: `iam:CreateAccessKey`. */
    readonly action: string,
    /** The object of the call: a name or an ARN. */
    readonly resource: string,
    /** AWS's code without the suffix `Exception`. */
    override readonly code: string,
    detail = '',
  ) {
    const quoted = detail ? `: ${shorten(detail.replace(/\s+/g, ' ').replace(/\.$/, ''), 400)}` : '';
    super(
      `${action} on ${resource} failed with ${code}${quoted}. ${nextStep(action, code, resource, detail)}`,
      code,
    );
  }

  /** True if AWS refused the call: an object does not exist, is denied or is in a wrong state. */
  override get tolerateDuringRollback(): boolean {
    return !TRANSIENT.includes(this.code) && !NO_ANSWER.test(this.code);
  }

  override get isTransient(): boolean {
    return TRANSIENT.includes(this.code);
  }
}

/** True for an AwsFailure with one of the codes. */
export function isAws(error: unknown, ...codes: readonly string[]): error is AwsFailure {
  return error instanceof AwsFailure && codes.includes(error.code);
}

/** Returns a handler for rejected calls, which returns undefined for one of the codes and rethrows any other error. */
export function noneIf(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (isAws(error, ...codes)) return undefined;
    throw error;
  };
}

/** Logs a denied removal; rethrows any other error. */
export function notAllowed(run: Run, error: unknown): undefined {
  if (!isAws(error, 'AccessDenied')) throw error;
  run.log.warn('nothing restored: the role lacks the permission', { error: reasonOf(error) });
}
