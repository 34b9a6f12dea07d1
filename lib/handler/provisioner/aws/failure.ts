import { Failure, shorten } from '../failure';

const NEXT_STEP: Readonly<Record<string, string>> = {
  AccessDenied:
    "The provisioner's role lacks this permission: look for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.",
  ResourceNotFound: 'It does not exist or is empty: check the name or ARN and the region, then deploy again.',
  NoSuchEntity: 'It does not exist: check the name, then deploy again.',
  InvalidRequest: 'If the secret is scheduled for deletion, restore it or name another one.',
  DecryptionFailure: "Allow the provisioner's role to use the KMS key of the secret, then deploy again.",
  EncryptionFailure: "Allow the provisioner's role to use the KMS key of the secret, then deploy again.",
  LimitExceeded: 'A quota of the account is used up: free some of it or have it raised, then deploy again.',
};

/** These take the key of the secret too, which the provisioner may use only where the secret was imported with it. */
const WITH_KEY = ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'];
const DENIED_WITH_KEY =
  'The provisioner\'s role lacks this permission. If the secret has a customer managed KMS key, import it with that key (README, "AccessDenied"); else look for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again.';

function nextStep(action: string, code: string): string {
  if (code === 'AccessDenied' && WITH_KEY.includes(action)) return DENIED_WITH_KEY;
  return NEXT_STEP[code] ?? 'Deploy again; if it persists, look the code up in the AWS documentation.';
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
    super(`${action} on ${resource} failed with ${code}${said}. ${nextStep(action, code)}`, code);
  }
}

/** True for an AwsFailure with one of the codes. */
export function isAws(error: unknown, ...codes: readonly string[]): error is AwsFailure {
  return error instanceof AwsFailure && codes.includes(error.code);
}
