import { Failure, reasonOf, shorten } from '../runtime/failure';
import type { Run } from './run';

const KEY_OF_SECRET =
  "Allow the provisioner's role to use the KMS key of the secret, and enable the key if it is disabled, then deploy again.";

const NEXT_STEP: Readonly<Record<string, string>> = {
  AccessDenied:
    "The provisioner's role lacks this permission: look for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.",
  ResourceNotFound: 'It does not exist or is empty: check the name or ARN and the region, then deploy again.',
  NoSuchEntity: 'It does not exist: check the name, then deploy again.',
  InvalidRequest: 'It is in no state for this: see what AWS says of it, then deploy again.',
  DecryptionFailure: KEY_OF_SECRET,
  EncryptionFailure: KEY_OF_SECRET,
  LimitExceeded: 'A quota of the account is used up: free some of it or have it raised, then deploy again.',
};

const AGAIN = 'take the construct that makes it out of the app and deploy, then put it back and deploy';
const SECRET_MISSING = `It does not exist. Check the ARN and the region; if it was deleted by hand, restore it (aws secretsmanager restore-secret) while its recovery window lasts. After that ${AGAIN}: a new secret has another ARN.`;
const FUNCTION_MISSING = `It does not exist. If it was deleted by hand, ${AGAIN}, or make a function of the same name with the same settings.`;

/** They pass by themselves: the same call may go well later. */
const TRANSIENT = [
  'Throttling',
  'TooManyRequests',
  'ServiceUnavailable',
  'InternalFailure',
  'InternalServiceError',
  'OperationAborted',
];

/** The network between the provisioner and AWS, by Node's codes and the SDK's. */
const NO_ANSWER = /^(E[A-Z_]+|TimeoutError|AbortError|RequestTimeout)$/;

/** These take the key of the secret too, which the provisioner may use only where the secret was imported with it. */
const WITH_KEY = ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'];
const DENIED_WITH_KEY =
  'The provisioner\'s role lacks this permission. If the secret has a customer managed KMS key, import it with that key (README, "AccessDenied"); else look for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again.';

/** What a person does about it: first for what tells more than the code. */
function nextStep(action: string, code: string, resource: string, detail: string): string {
  if (code === 'AccessDenied' && WITH_KEY.includes(action)) return DENIED_WITH_KEY;
  if (code === 'InvalidRequest' && isMarkedForDeletion(detail))
    return `Restore it (aws secretsmanager restore-secret --secret-id ${resource}) or name another one, then deploy again.`;
  if (code === 'ResourceNotFound' && action.startsWith('secretsmanager:') && !/staging label/.test(detail))
    return SECRET_MISSING;
  if (code === 'ResourceNotFound' && action === 'lambda:InvokeFunction') return FUNCTION_MISSING;
  if (code === 'NoSuchEntity' && /^user [^,]+$/.test(resource))
    return `It does not exist. If somebody deleted it, ${userMadeAgain(resource.slice(5))}, put it into its group, then deploy again.`;
  return NEXT_STEP[code] ?? 'Deploy again; if it persists, look the code up in the AWS documentation.';
}

/** How a person makes a user again: CloudFormation attaches its policy only when it makes the user itself. */
export function userMadeAgain(userName: string, policyArn?: string): string {
  const attach = policyArn
    ? `its managed policy (${attachUserPolicy(userName, policyArn)})`
    : 'the managed policy that its stack has for it (aws iam attach-user-policy; without it the key reads every log)';
  return `make it again under the same name (aws iam create-user --user-name ${userName}), attach ${attach}`;
}

export function attachUserPolicy(userName: string, policyArn: string): string {
  return `aws iam attach-user-policy --user-name ${userName} --policy-arn ${policyArn}`;
}

/** In the words of Secrets Manager, which has one code for several states. */
export function isMarkedForDeletion(message: string): boolean {
  return /marked .*delet/.test(message);
}

/** An AWS call that failed, in words for a person. */
export class AwsFailure extends Failure {
  override readonly name = 'AwsFailure';

  constructor(
    /** As in an IAM policy: `iam:CreateAccessKey`. */
    readonly action: string,
    /** What the call was about: a name or an ARN. */
    readonly resource: string,
    /** AWS's code without the suffix `Exception`. */
    override readonly code: string,
    detail = '',
  ) {
    const said = detail ? `: ${shorten(detail.replace(/\s+/g, ' ').replace(/\.$/, ''), 400)}` : '';
    super(
      `${action} on ${resource} failed with ${code}${said}. ${nextStep(action, code, resource, detail)}`,
      code,
    );
  }

  /** AWS said no: something is gone, denied or in no state for it. */
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

/** Notes that the role may not put anything back; any other error is passed on. */
export function notAllowed(run: Run, error: unknown): undefined {
  if (!isAws(error, 'AccessDenied')) throw error;
  run.log.warn('nothing put back: the role may not', { error: reasonOf(error) });
}
