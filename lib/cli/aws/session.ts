import type { AwsFailure } from '../../handler/provisioner/aws/failure';

/** The account and region to call, where they are not those of the environment. */
export interface Session {
  readonly region?: string;
  readonly profile?: string;
}

/** Without region or valid credentials no call can succeed. The message says what to do. */
class SessionError extends Error {
  override readonly name = 'SessionError';
}

/**
 * Sets the region and the profile for all clients of AWS, and finds out whether there are a region and credentials.
 *
 * Credentials come first: a profile that does not exist has no region either.
 */
export async function openSession({ region, profile }: Session): Promise<void> {
  // The SDK reads these when the first client is created.
  if (region !== undefined) process.env.AWS_REGION = region;
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { config } = new CloudFormationClient({});
  for (const read of [config.credentials, config.region]) {
    try {
      await read();
    } catch (error) {
      throw new SessionError(adviceFor(error) ?? (error as Error).message);
    }
  }
}

const NO_PROFILE =
  'There is no profile {profile} with credentials. aws configure list-profiles lists the profiles; name one by --profile.';
const NO_CREDENTIALS = /Could not load credentials from any providers|CredentialsProviderError/;
const EXPIRED = /\b(ExpiredToken|RequestExpired)/;

/** What the errors of the SDK mean: the pattern of a name and message, and the advice. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /Region is missing/,
    'No region is set. Name one by --region or AWS_REGION, or set it in your profile (aws configure set region REGION).',
  ],
  [/Could not resolve credentials using profile|profile .* (could not be found|not found)/i, NO_PROFILE],
  [
    /SSO session .*(expired|invalid)|Token is expired|The SSO session/i,
    'The session of AWS IAM Identity Center has expired. Run aws sso login --profile {profile}, then run the command again.',
  ],
  [
    NO_CREDENTIALS,
    'There are no AWS credentials. Name a profile by --profile or AWS_PROFILE, or log in (aws configure sso, aws sso login).',
  ],
  [
    EXPIRED,
    'The AWS credentials have expired. Renew them (aws sso login, or whatever gave you these credentials), then run the command again.',
  ],
  [
    /\b(UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|AuthFailure)/,
    `AWS does not accept the credentials: the access key does not exist or is inactive, or the region is not enabled in the account. Check --profile and --region; aws sts get-caller-identity shows who you are.`,
  ],
  [
    /\b(SignatureDoesNotMatch|InvalidSignature)/,
    'AWS does not accept the signature: the secret access key is wrong, or the clock of this machine is (it may differ by at most 5 minutes).',
  ],
  [
    /\b(ENOTFOUND|EAI_AGAIN)\b/,
    'The address of AWS cannot be resolved: check the name of the region and the network of this machine (DNS, proxy).',
  ],
];

/** The advice for an error after which every other call to AWS fails as well; undefined for any other error. */
export function adviceFor(error: unknown, profile = process.env.AWS_PROFILE): string | undefined {
  for (const one of causesOf(error)) {
    if (one instanceof SessionError) return one.message;
    const text = textOf(one);
    const found = MEANINGS.find(([pattern]) => pattern.test(text));
    if (!found) continue;
    const [pattern, advice] = found;
    const isNamed = pattern === NO_CREDENTIALS && profile !== undefined;
    return (isNamed ? NO_PROFILE : advice).replaceAll('{profile}', profile ?? 'default');
  }
  return undefined;
}

/** Whether the credentials of the user have expired. A wrong key of somebody else is not meant: that is a finding. */
export function isSessionOver(error: unknown): boolean {
  return causesOf(error).some((one) => one instanceof SessionError || EXPIRED.test(textOf(one)));
}

/** For an error without which the work can go on, unless every other call would fail as well. */
export function unlessSessionIsOver(error: unknown): undefined {
  if (isSessionOver(error)) throw error;
}

const textOf = (error: Error) => `${error.name} ${(error as AwsFailure).code ?? ''} ${error.message}`;

function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

/** Calls AWS; the error message names the action and the resource, and quotes what AWS says. */
export async function withAwsContext<T>(
  action: string,
  resource: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name, message } = error as Error;
    throw new Error(
      `${action} on ${resource} failed with ${name}: ${message.replace(/\s+/g, ' ').slice(0, 400)}`,
      { cause: error },
    );
  }
}
