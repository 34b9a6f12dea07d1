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
