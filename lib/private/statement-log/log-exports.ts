import { Lazy, Token, type aws_rds as rds } from 'aws-cdk-lib';

const POSTGRESQL = 'postgresql';

/** Turns on the export of the statement log, in addition to the existing exports. */
export function exportPostgresqlLog(cfn: rds.CfnDBCluster | rds.CfnDBInstance): void {
  const before = cfn.enableCloudwatchLogsExports;
  cfn.enableCloudwatchLogsExports = Token.isUnresolved(before)
    ? Lazy.uncachedList({
        produce: (context) => withPostgresql(context.resolve(before) as string[] | undefined),
      })
    : withPostgresql(before);
}

const withPostgresql = (exports: string[] = []) => [...new Set([...exports, POSTGRESQL])];
