import { PreconditionFailed } from '../runtime/failure';
import type { LogGroupRequest } from './properties';
import type { Run } from '../aws/run';

/** By its name a policy is known for ours. */
const NAME = 'cdk-datafold-postgres';

/** The log group is masked as somebody else wants. */
export class OtherPolicy extends PreconditionFailed {
  override readonly name = 'OtherPolicy';
}

/** Masks in the log group what is wanted; undoes the masking of `previous` where nothing is wanted any more. */
export async function mask(run: Run, desired: LogGroupRequest, previous?: LogGroupRequest): Promise<void> {
  const { logGroupName, maskedDataIdentifiers } = desired;
  const policy = policyFor(maskedDataIdentifiers);
  if (policy === undefined && !previous?.maskedDataIdentifiers.length) return;
  const now = await readPolicy(run, logGroupName);
  if (now.text === policy) return;
  if (now.text === undefined || now.name === NAME)
    return run.call(`masking in ${logGroupName}`, () => run.aws.logs.setProtection(logGroupName, policy));
  if (policy !== undefined)
    throw new OtherPolicy(
      `The log group ${logGroupName} has a data protection policy already (${now.name}), which stays as it is. Add the identifiers there and leave them out here, then deploy again.`,
    );
  run.log.warn('masking left alone: somebody changed it', { logGroup: logGroupName });
}

/** Takes our masking away. */
export async function unmask(run: Run, desired: LogGroupRequest): Promise<void> {
  await mask(run, { ...desired, maskedDataIdentifiers: [] }, desired);
}

/** The data protection policy of the group, and its name. */
export async function readPolicy(run: Run, logGroupName: string): Promise<{ text?: string; name?: string }> {
  const text = await run.call(`masking in ${logGroupName}, as it is`, () =>
    run.aws.logs.readProtection(logGroupName),
  );
  return { text, name: text && String((JSON.parse(text) as { Name?: unknown }).Name) };
}

/** CloudWatch Logs wants each identifier twice: to be found, and to be masked. */
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
