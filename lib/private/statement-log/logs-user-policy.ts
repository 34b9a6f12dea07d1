import { aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deployed } from '../functions/deployed-text';
import { inWords } from '../problems';

/** IAM's limit for a managed policy, without white space. */
const MAX_CHARACTERS = 6_144;

/** The actions that a logs user needs and that support resource-level permissions for log groups. */
const READ = [
  'logs:DescribeLogStreams',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:GetLogGroupFields',
  'logs:GetLogRecord',
  'logs:GetQueryResults',
  'logs:StartQuery',
];

/** Further actions, without such permissions: they show the names and settings of log groups and the texts of queries, no content. */
const LIST = ['logs:DescribeLogGroups', 'logs:DescribeQueries', 'logs:StopQuery'];

/**
 * The actions of the AWS managed policy `CloudWatchLogsReadOnlyAccess` that show the content of a log.
 *
 * `logs:Get*` is as broad as in that policy, so actions that AWS adds are denied too. An action without resource-level permissions for
 * log groups has the resource `*` or one of another type, which matches no log group, so it is always denied: the results of scheduled
 * queries, the samples in anomalies (ListAnomalies), and summaries of query results (GenerateQueryResultsSummary).
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
 * The actions of the AWS managed policy `CloudWatchLogsReadOnlyAccess`, and decryption for log groups whose KMS key requires it of readers.
 *
 * All other actions are denied, since an existing group of the user may allow more.
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

/** The input of the user's policy. */
export interface LogsUserRights {
  /** The ARNs of the log groups, without `:*`; undefined for all. */
  readonly logGroups?: readonly string[];
  /** The addresses from which the access key may be used; undefined for any address. */
  readonly sourceIps?: readonly string[];
}

/**
 * Returns the policy of the user, which allows reading the log groups and denies reading all others.
 *
 * The policy both allows and denies, since an existing group of the user may have more or fewer permissions. ARNs contain an account, so
 * the log groups of linked accounts (CloudWatch cross-account observability) are denied too.
 */
export function logsUserPolicy({ logGroups, sourceIps }: LogsUserRights): iam.PolicyDocument {
  const document = new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({ effect: iam.Effect.DENY, notActions: NOTHING_BUT, resources: ['*'] }),
    ],
  });
  if (logGroups) {
    // AWS checks some actions against the log group, and others against its log streams.
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

/** Returns a problem if the policy is too large, which would otherwise fail the deployment halfway. */
export function logsUserPolicyProblems(scope: Construct, document: iam.PolicyDocument): string[] {
  const size = JSON.stringify(deployed(scope, document)).length;
  if (size <= MAX_CHARACTERS) return [];
  return [
    `The policy of the user that reads the logs has at least ${inWords(size)} characters, IAM takes ${inWords(MAX_CHARACTERS)}: name several log groups by one pattern (LogAccess.logGroupNames(['/aws/rds/cluster/shop-*/postgresql'])), or allow the PostgreSQL logs of all servers (LogAccess.allPostgresLogGroups())`,
  ];
}
