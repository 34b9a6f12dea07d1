import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { join } from 'node:path';
import { Receiver } from '../../handler/provisioner/support/receiver';
import type { Answer } from '../../../lib/handler/provisioner/response';
import type { Aws, Key } from './aws';
import type { Lab } from './lab';
import { shell } from './shell';

const USER = 'stands-in-for-the-role';
const POLICY = 'policy';

/** The shipped provisioner outside of Lambda, with the rights of a policy and nothing else; its time runs faster. */
export class ProvisionerProcess {
  private readonly receiver = new Receiver();

  private constructor(
    private readonly lab: Lab,
    private readonly aws: Aws,
    private readonly key: Key,
  ) {}

  public static async start(lab: Lab, aws: Aws): Promise<ProvisionerProcess> {
    await aws.iam.send(new CreateUserCommand({ UserName: USER }));
    const { AccessKey } = await aws.iam.send(new CreateAccessKeyCommand({ UserName: USER }));
    const key = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const made = new ProvisionerProcess(lab, aws, key);
    await made.receiver.start();
    return made;
  }

  public async stop(): Promise<void> {
    await this.receiver.stop();
    const { iam } = this.aws;
    await iam.send(new DeleteUserPolicyCommand({ UserName: USER, PolicyName: POLICY }));
    await iam.send(new DeleteAccessKeyCommand({ UserName: USER, AccessKeyId: this.key.accessKeyId }));
    await iam.send(new DeleteUserCommand({ UserName: USER }));
  }

  public async mayDo(Statement: readonly object[]): Promise<void> {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await this.aws.iam.send(new PutUserPolicyCommand({ UserName: USER, PolicyName: POLICY, PolicyDocument }));
  }

  /** Handles one event of CloudFormation. */
  public async handle(event: object): Promise<Answer> {
    const answers = this.receiver.received.length;
    const EVENT = JSON.stringify({ ResponseURL: this.receiver.url, RequestId: `${answers}`, ...event });
    const env = {
      ...this.lab.env,
      AWS_ACCESS_KEY_ID: this.key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.key.secretAccessKey,
      NODE_OPTIONS: `--require ${join(__dirname, 'fast-clock.cjs')}`,
      EVENT,
    };
    const done = await shell(process.execPath, [join(__dirname, 'handle.cjs')], { env });
    const body = this.receiver.received[answers]?.body;
    if (body === undefined) throw new Error(`The provisioner gave no answer:\n${done.text}`);
    return JSON.parse(body) as Answer;
  }
}
