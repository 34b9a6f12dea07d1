/** The addresses of app.datafold.com, of which one is in use at a time (docs.datafold.com/security/securing-connections). */
export const DATAFOLD_ADDRESSES = [
  '23.23.71.47',
  '35.166.223.86',
  '52.11.132.23',
  '54.71.177.163',
  '54.185.25.103',
  '54.210.34.216',
];

/** The name of the IAM group in Datafold's guide. */
export const LOGS_GROUP_NAME = 'CloudWatchLogsReadOnly';

/** The AWS managed policy of that group. */
export const LOGS_GROUP_POLICY = 'CloudWatchLogsReadOnlyAccess';

/** Datafold's own deployment for all customers. */
export const DATAFOLD_SAAS = 'https://app.datafold.com';

/** Returns whether a text is the URL of a Datafold, without a path, to which an API key may be sent. */
export function isDatafoldUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^\/?$/.test(url.pathname) && !url.search && !url.username && keepsKeySecret(url);
}

/** Returns whether a URL keeps the API key off the network or encrypted. */
export function keepsKeySecret({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname));
}
