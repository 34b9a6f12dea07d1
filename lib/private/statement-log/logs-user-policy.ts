import { aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deployed } from '../functions/deployed-text';

/** IAM's limit for a managed policy, blanks not counted. */
const MAX_CHARACTERS = 6_144;

/** What a logs user of a statement log needs; all of them can be narrowed to log groups. */
const READ = [
  'logs:DescribeLogStreams',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:GetLogGroupFields',
  'logs:GetLogRecord',
  'logs:GetQueryResults',
  'logs:StartQuery',
];

/** The same for what can't be narrowed. It shows names and settings of log groups and the texts of queries, no content. */
const LIST = ['logs:DescribeLogGroups', 'logs:DescribeQueries', 'logs:StopQuery'];

/**
 * Whatever of the AWS managed policy `CloudWatchLogsReadOnlyAccess` shows what is in a log.
 *
 * `logs:Get*` is as wide as in that policy, so what AWS adds to it one day is denied from the first day. An action that IAM can't narrow
 * to log groups has the resource `*` or one of another type, which no log group matches, so it is denied altogether: results of scheduled queries,
 * samples in anomalies (ListAnomalies), summaries of the results of any query (GenerateQueryResultsSummary).
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudWatchLogsReadOnlyAccess.html
 */
const CONTENT = [
  'cloudwatch:GenerateQueryResultsSummary',
  'logs:DescribeLogStreams',
  'logs:FilterLogEvents',
  'logs:Get*',
  'logs:ListAnomalies',
  'logs:StartLiveTail',
  'logs:StartQuery',
];

/**
 * All that the AWS managed policy `CloudWatchLogsReadOnlyAccess` allows, and decryption for a log group whose KMS key leaves that to its readers.
 *
 * Anything else is denied: the group of the user may be one that somebody else made, and gave more.
 */
const NOTHING_BUT = [
  'cloudwatch:GenerateQuery*',
  'kms:Decrypt',
  'logs:Describe*',
  'logs:FilterLogEvents',
  'logs:Get*',
  'logs:List*',
  'logs:StartLiveTail',
  'logs:StartQuery',
  'logs:StopLiveTail',
  'logs:StopQuery',
  'logs:TestMetricFilter',
  'observabilityadmin:Get*',
  'observabilityadmin:List*',
];

/** What the user's own policy is for. */
export interface LogsUserRights {
  /** The ARNs of the log groups, without `:*`; undefined for all. */
  readonly logGroups?: readonly string[];
  /** From where the key works; undefined for anywhere. */
  readonly sourceIps?: readonly string[];
}

/**
 * The user's own policy: it allows reading the log groups, and denies reading any other.
 *
 * Both are there since the group may be one that somebody made by hand, with more or with fewer rights. ARNs name an account, so log groups of
 * linked accounts (CloudWatch cross-account observability) are denied too.
 */
export function logsUserPolicy({ logGroups, sourceIps }: LogsUserRights): iam.PolicyDocument {
  const document = new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({ effect: iam.Effect.DENY, notActions: NOTHING_BUT, resources: ['*'] }),
    ],
  });
  if (logGroups) {
    // AWS checks some actions for the log group, and others for its streams.
    const resources = logGroups.flatMap((arn) => [arn, `${arn}:*`]);
    document.addStatements(
      new iam.PolicyStatement({ actions: READ, resources }),
      new iam.PolicyStatement({ actions: LIST, resources: ['*'] }),
      new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: CONTENT, notResources: resources }),
    );
  }
  if (sourceIps)
    document.addStatements(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        actions: ['*'],
        resources: ['*'],
        // As in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html
        conditions: {
          NotIpAddress: { 'aws:SourceIp': [...sourceIps] },
          Bool: { 'aws:ViaAWSService': 'false' },
        },
      }),
    );
  return document;
}

/** What is wrong with the size of the policy, which would otherwise fail in mid-deployment. */
export function logsUserPolicyProblems(scope: Construct, document: iam.PolicyDocument): string[] {
  const size = JSON.stringify(deployed(scope, document)).length;
  if (size <= MAX_CHARACTERS) return [];
  const inWords = (characters: number) => characters.toLocaleString('en');
  return [
    `The policy of the user that reads the logs has at least ${inWords(size)} characters, IAM takes ${inWords(MAX_CHARACTERS)}: name several log groups by one pattern (LogAccess.logGroupNames(['/aws/rds/cluster/shop-*/postgresql'])), or allow the PostgreSQL logs of all servers (LogAccess.allPostgresLogGroups())`,
  ];
}
