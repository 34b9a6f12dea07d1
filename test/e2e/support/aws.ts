import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import {
  GetSecretValueCommand,
  paginateListSecrets,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import assert from 'node:assert/strict';
import type { Cloud, Key } from './cloud';

export type { Key } from './cloud';

/** The suite's own eyes on one region of an account, apart from the library's code. */
export class Aws {
  public readonly cloudformation: CloudFormationClient;
  public readonly ec2: EC2Client;
  public readonly iam: IAMClient;
  public readonly lambda: LambdaClient;
  public readonly logs: CloudWatchLogsClient;
  public readonly rds: RDSClient;
  public readonly secrets: SecretsManagerClient;
  public readonly ssm: SSMClient;

  public constructor(
    public readonly cloud: Cloud,
    region: string,
    key?: Key,
  ) {
    const config = cloud.client(region, key);
    this.cloudformation = new CloudFormationClient(config);
    this.ec2 = new EC2Client(config);
    this.iam = new IAMClient(config);
    this.lambda = new LambdaClient(config);
    this.logs = new CloudWatchLogsClient(config);
    this.rds = new RDSClient(config);
    this.secrets = new SecretsManagerClient(config);
    this.ssm = new SSMClient(config);
  }

  /** The text of a secret. */
  public async secret(id: string): Promise<string> {
    return (await this.secrets.send(new GetSecretValueCommand({ SecretId: id }))).SecretString ?? '';
  }

  /** Calls a function, which must not fail. */
  public async invoke(FunctionName: string, event: object): Promise<void> {
    assert.equal(await this.errorOf(FunctionName, event), undefined);
  }

  /** Calls a function, and returns the error with which it ends, if any. */
  public async errorOf(FunctionName: string, event: object): Promise<string | undefined> {
    const run = await this.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    return run.FunctionError === undefined ? undefined : Buffer.from(run.Payload ?? []).toString();
  }

  /** The texts of all secrets that can be of the suite. */
  public async allSecrets(): Promise<string[]> {
    const texts: string[] = [];
    for await (const { SecretList = [] } of paginateListSecrets(
      { client: this.secrets },
      { MaxResults: 100 },
    ))
      for (const { ARN = '', Name = '', Tags } of SecretList)
        if (this.cloud.isOurs(Name, Tags)) texts.push(await this.secret(ARN).catch(() => ''));
    return texts.filter((text) => text !== '');
  }
}
