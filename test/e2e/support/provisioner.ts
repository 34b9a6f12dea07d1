import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Receiver } from '../../handler/provisioner/support/receiver';
import { STACK_ID } from '../../handler/provisioner/support/stack';
import type { Answer } from '../../../lib/handler/provisioner/runtime/response';
import type { Aws, Key } from './aws';
import { eventually } from './eventually';
import type { Lab } from './lab';
import type { World } from './world';

/** In seconds: an event takes a few. */
const RETRY_WINDOW_MS = 60;
const POLICY = 'policy';
const BUCKET = 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/answer';

/** The shipped provisioner outside of Lambda, with the rights of a policy and nothing else; its time runs faster. */
export class ProvisionerProcess {
  private readonly process: ChildProcess;

  private readonly aws: Aws;

  private constructor(
    world: World,
    private readonly user: string,
    private readonly key: Key,
    private readonly receiver: Receiver,
  ) {
    this.aws = world.aws;
    this.process = run(world.lab, user, key, receiver.url);
  }

  /** Its rights are those of a user, in place of a role. */
  public static async start(world: World, UserName: string): Promise<ProvisionerProcess> {
    const { aws } = world;
    await aws.iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await aws.iam.send(new CreateAccessKeyCommand({ UserName }));
    const key = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    world.secrets.add(key.secretAccessKey);
    return new ProvisionerProcess(world, UserName, key, await new Receiver().start());
  }

  public async stop(): Promise<void> {
    this.process.kill();
    await this.receiver.stop();
    const { iam } = this.aws;
    await iam.send(new DeleteUserPolicyCommand({ UserName: this.user, PolicyName: POLICY }));
    await iam.send(new DeleteAccessKeyCommand({ UserName: this.user, AccessKeyId: this.key.accessKeyId }));
    await iam.send(new DeleteUserCommand({ UserName: this.user }));
  }

  public async mayDo(Statement: readonly object[]): Promise<void> {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await this.aws.iam.send(
      new PutUserPolicyCommand({ UserName: this.user, PolicyName: POLICY, PolicyDocument }),
    );
  }

  /** Handles one event of CloudFormation. */
  public async handle(event: object): Promise<Answer> {
    const { received } = this.receiver;
    const number = received.length;
    const line = JSON.stringify({ ResponseURL: BUCKET, RequestId: `${number}`, ...event });
    this.process.stdin!.write(`${line}\n`);
    const { body } = await eventually(async () => {
      assert.equal(this.process.exitCode, null, 'the provisioner has ended: see its output in the evidence');
      return received[number];
    }, RETRY_WINDOW_MS);
    return JSON.parse(body) as Answer;
  }
}

/** With what the constructs would tell it; what it answers to CloudFormation's bucket goes to a receiver. */
function run(lab: Lab, name: string, key: Key, receiver: string): ChildProcess {
  const env = {
    ...lab.env,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    NODE_OPTIONS: `--require ${join(__dirname, 'fast-clock.cjs')}`,
    DATAFOLD_STACK: STACK_ID,
    DATAFOLD_URL_SUFFIX: 'amazonaws.com',
    DATAFOLD_HOSTS: '[]',
    ANSWERS_TO: receiver,
  };
  const output = openSync(join(lab.evidence, `${name}.log`), 'a');
  const child = spawn(process.execPath, [join(__dirname, 'handle.cjs')], {
    env,
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  return child;
}
