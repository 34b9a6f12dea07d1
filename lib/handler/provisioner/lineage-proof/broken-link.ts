import { Failure } from '../runtime/failure';
import type { LogReading } from './log-reading';

/** What lies between a statement and the lineage that Datafold draws from it. */
export type Link = 'not logged' | 'not exported' | 'wrong group' | 'wrong log class' | 'key not allowed';

/** The statement did not arrive, and it is known why. */
export class BrokenLink extends Failure {
  override readonly name = 'BrokenLink';

  constructor({ name }: LogReading, link: Link, why: string) {
    super(`Datafold would draw no lineage of ${name}: ${link}. ${why}`, link);
  }
}

/** AWS does not know the key, or not the rights of its user. */
export function keyRefused(reading: LogReading, code: string): BrokenLink {
  const { key, logGroupName, region } = reading;
  const why =
    code === 'AccessDenied'
      ? `The access key ${key.accessKeyId} may not read ${logGroupName} in ${region} (logs:FilterLogEvents, AccessDenied). Give its user that right on this log group by the \`logAccess\` of the CloudWatchLogsUser; look for a permissions boundary or a service control policy too. If the logs user is of another app and has \`sourceIps\`, say so where it is imported (\`hasSourceIps\`).`
      : `AWS does not accept the access key ${key.accessKeyId} (${code}): it is deactivated, deleted, or its secret part is another one. Deploy the CloudWatchLogsUser with another \`revision\`.`;
  return new BrokenLink(reading, 'key not allowed', why);
}

export function noSuchGroup(reading: LogReading): BrokenLink {
  const { logGroupName, region } = reading;
  return new BrokenLink(
    reading,
    'wrong group',
    `There is no log group ${logGroupName} in ${region}. The identifier of the server or the region is another one, or RDS has not exported a line yet: look at the server's log in the console of RDS, then deploy again.`,
  );
}

/** The group is there, the statement is not. */
export function notInGroup(reading: LogReading, marker: string, othersArrive: boolean): BrokenLink {
  const { logGroupName, region } = reading;
  if (othersArrive)
    return new BrokenLink(
      reading,
      'wrong group',
      `Lines do arrive in ${logGroupName} in ${region}, but not the statement that was just run (${marker}). It is the log of another server, or the host of this one is: compare both in the console of RDS.`,
    );
  return new BrokenLink(
    reading,
    'not exported',
    `RDS says that the log is exported, but in 5 minutes no line at all arrived in ${logGroupName} in ${region}. Look at the server's log and at the events of RDS, turn the export off and on, then deploy again.`,
  );
}
