import { PreconditionFailed } from '../runtime/failure';
import type { LogGroupRequest } from './properties';
import type { Run } from '../aws/run';
import { isRequired, type Requirements } from './requirements';

/** The name identifies a data protection policy of this library. */
const NAME = 'cdk-datafold-postgres';

/** The log group has a data protection policy that this library did not create. */
export class OtherPolicy extends PreconditionFailed {
  override readonly name = 'OtherPolicy';
}

/**
 * Sets the requested masking. If none is requested, removes the masking of `previous` unless another owner requires masking.
 *
 * Throws OtherPolicy.
 */
export async function mask(
  run: Run,
  desired: LogGroupRequest,
  previous: LogGroupRequest | undefined,
  others: readonly Requirements[],
): Promise<void> {
  const { logGroupName, maskedData } = desired;
  const policy = policyFor(maskedData);
  const isObsolete = previous?.maskedData.length && !isRequired(others, 'masking');
  if (policy === undefined && !isObsolete) return;
  const now = await readPolicy(run, logGroupName);
  if (now.text === policy) return;
  if (now.text === undefined || now.name === NAME)
    return run.call(`masking in ${logGroupName}`, () => run.aws.logs.setProtection(logGroupName, policy));
  if (policy !== undefined)
    throw new OtherPolicy(
      `The log group ${logGroupName} already has a data protection policy (${now.name}), which is not changed. Add the identifiers to that policy and remove them from maskedData, then deploy again.`,
    );
  run.log.warn('masking not removed: changed outside of this deployment', { logGroup: logGroupName });
}

/** Removes the masking of this library unless another owner requires masking. */
export async function unmask(
  run: Run,
  desired: LogGroupRequest,
  others: readonly Requirements[],
): Promise<void> {
  await mask(run, { ...desired, maskedData: [] }, desired, others);
}

/** Returns the data protection policy of the group and its name. */
export async function readPolicy(run: Run, logGroupName: string): Promise<{ text?: string; name?: string }> {
  const text = await run.call(`current masking in ${logGroupName}`, () =>
    run.aws.logs.readProtection(logGroupName),
  );
  return { text, name: text && String((JSON.parse(text) as { Name?: unknown }).Name) };
}

/** Returns the policy text. CloudWatch Logs requires each identifier twice: to be audited and to be masked. */
function policyFor(identifiers: readonly string[]): string | undefined {
  if (identifiers.length === 0) return undefined;
  const DataIdentifier = identifiers.map((identifier) =>
    identifier.startsWith('arn:') ? identifier : `arn:aws:dataprotection::aws:data-identifier/${identifier}`,
  );
  return JSON.stringify({
    Name: NAME,
    Description: 'Masks data in the statement log that Datafold reads',
    Version: '2021-06-01',
    Statement: [
      { Sid: 'audit', DataIdentifier, Operation: { Audit: { FindingsDestination: {} } } },
      { Sid: 'mask', DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  });
}
