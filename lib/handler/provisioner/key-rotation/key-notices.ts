import type { StoredAccessKey, KeyTimes } from '../access-key/key-state';

/** Subject and text of a notice. */
export type Notice = readonly [subject: string, text: string];

/** Names the data sources into which a person must enter the new key; their secrets hold its secret part. */
export function newKeyNotice(
  { accessKeyId, retired }: StoredAccessKey,
  dataSources: readonly { readonly name: string; readonly secret: string }[],
  times: Pick<KeyTimes, 'overlap'> | undefined,
  now: number,
): Notice {
  const from = retired ? ` instead of ${retired.accessKeyId}` : '';
  const until = retired && times ? `, which works until ${day(now + times.overlap)}` : '';
  const lines = dataSources.map(
    ({ name, secret }) => `- ${name}: AWS Access Key ${accessKeyId}, AWS Secret from the secret ${secret}`,
  );
  return [
    'Datafold: enter a new access key',
    [
      `Datafold's API can't update a data source. Enter the new access key ${accessKeyId}${from}${until}, in Datafold by hand, in these data sources:`,
      ...lines,
    ].join('\n'),
  ];
}

/** Says how to activate the replaced key again, and when it is deleted. */
export function deactivatedNotice(
  userName: string,
  key: string,
  stored: StoredAccessKey,
  { grace }: KeyTimes,
  now: number,
): Notice {
  return [
    'Datafold: a replaced access key is deactivated',
    `The replaced access key ${key} of IAM user ${userName} is deactivated; use ${stored.accessKeyId}. If Datafold no longer derives lineage, it still uses the replaced key: enter the new key there. The replaced key can be activated again in IAM until ${day(now + grace)}, when it is deleted.`,
  ];
}

/** Says that the replaced key no longer exists. */
export function deletedNotice(userName: string, key: string): Notice {
  return [
    'Datafold: a replaced access key is deleted',
    `The replaced access key ${key} of IAM user ${userName} is deleted.`,
  ];
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
