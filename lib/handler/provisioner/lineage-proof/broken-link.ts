import { Failure } from '../runtime/failure';
import type { LogReading } from './log-reading';

/** What can prevent Datafold from deriving lineage from a statement. */
export type Link = 'not logged' | 'not exported' | 'wrong group' | 'wrong log class' | 'key not allowed';

/** The statement was not found, for a known reason. */
export class BrokenLink extends Failure {
  override readonly name = 'BrokenLink';

  constructor({ name }: LogReading, link: Link, why: string) {
    super(`Datafold would derive no lineage for ${name}: ${link}. ${why}`, link);
  }
}

/** Returns the failure for a key that AWS rejects or whose user lacks the permission. */
export function keyRefused(reading: LogReading, code: string): BrokenLink {
  const { key, logGroupName, region } = reading;
  const why =
    code === 'AccessDenied'
      ? `The access key ${key.accessKeyId} may not read ${logGroupName} in ${region} (logs:FilterLogEvents, AccessDenied). Give its user that permission on this log group by the \`logAccess\` of the CloudWatchLogsUser; check for a permissions boundary or a service control policy too. If the logs user is imported from another app and has \`sourceIps\`, import it with \`hasSourceIps\`.`
      : `AWS does not accept the access key ${key.accessKeyId} (${code}): it is deactivated or deleted, or its secret part has changed. Deploy the CloudWatchLogsUser with another \`revision\`.`;
  return new BrokenLink(reading, 'key not allowed', why);
}

/** Returns the failure for a log group that does not exist. */
export function noSuchGroup(reading: LogReading): BrokenLink {
  const { logGroupName, region } = reading;
  return new BrokenLink(
    reading,
    'wrong group',
    `There is no log group ${logGroupName} in ${region}. The identifier of the server or the region is wrong, or RDS has not exported a line yet: check the server's log in the RDS console, then deploy again.`,
  );
}

/** Returns the failure for a log group without the statement. */
export function notInGroup(reading: LogReading, marker: string, othersArrive: boolean): BrokenLink {
  const { logGroupName, region } = reading;
  if (othersArrive)
    return new BrokenLink(
      reading,
      'wrong group',
      `Lines arrive in ${logGroupName} in ${region}, but not the statement that was just run (${marker}). The log group or the host belongs to another server: compare both in the RDS console.`,
    );
  return new BrokenLink(
    reading,
    'not exported',
    `RDS reports that the log is exported, but no line arrived within 5 minutes in ${logGroupName} in ${region}. Check the server's log and the events of RDS, turn the export off and on, then deploy again.`,
  );
}
