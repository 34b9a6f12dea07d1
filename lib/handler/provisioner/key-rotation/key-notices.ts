import type { StoredAccessKey, KeyTimes } from '../access-key/key-state';

/** Subject and text. */
export type Notice = readonly [subject: string, text: string];

/** Which data sources must be given the new key by a person; the key's secret part is in their secrets. */
export function newKeyNotice(
  { accessKeyId, retired }: StoredAccessKey,
  dataSources: readonly { readonly name: string; readonly secret: string }[],
  times: Pick<KeyTimes, 'overlap'> | undefined,
  now: number,
): Notice {
  const from = retired ? ` in place of ${retired.accessKeyId}` : '';
  const until = retired && times ? `, which works until ${day(now + times.overlap)}` : '';
  const lines = dataSources.map(
    ({ name, secret }) => `- ${name}: AWS Access Key ${accessKeyId}, AWS Secret from the secret ${secret}`,
  );
  return [
    'Datafold: enter a new access key',
    [
      `Datafold's API can't change a data source: enter the new access key ${accessKeyId}${from}${until}, by hand in Datafold, in these data sources:`,
      ...lines,
    ].join('\n'),
  ];
}

export function deactivatedNotice(
  userName: string,
  key: string,
  stored: StoredAccessKey,
  { grace }: KeyTimes,
  now: number,
): Notice {
  return [
    'Datafold: an old access key is switched off',
    `The replaced access key ${key} of IAM user ${userName} is deactivated; ${stored.accessKeyId} is the one to use. If Datafold no longer derives lineage, it still has the old one: enter the new one there. The old one can be activated again in IAM until ${day(now + grace)}, when it is deleted.`,
  ];
}

export function deletedNotice(userName: string, key: string): Notice {
  return [
    'Datafold: an old access key is deleted',
    `The replaced access key ${key} of IAM user ${userName} is deleted.`,
  ];
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
