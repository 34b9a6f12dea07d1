import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './lab';
import { shell } from './shell';
import type { World } from './world';

/** The CLI's own waiters, but asking every second in place of every thirty. */
const FAST_WAITERS = join(__dirname, 'aws-cli-data');
const BUCKET = 'datafold-templates';
const TEMPLATES = join(REPOSITORY, 'dist/template');

/** Whether the AWS CLI is on this machine. */
export async function hasAwsCli(): Promise<boolean> {
  return shell('aws', ['--version']).then(
    ({ code }) => code === 0,
    () => false,
  );
}

/** Launches the templates as a person with nothing but the AWS CLI does. */
export class AwsCli {
  public constructor(private readonly world: World) {}

  /** Writes the templates and makes the bucket that they are too large to go without. */
  public async prepare(): Promise<void> {
    const tsx = join(REPOSITORY, 'node_modules/.bin/tsx');
    const made = await shell(tsx, [join(REPOSITORY, 'bin/template/write.ts')], { cwd: REPOSITORY });
    if (made.code !== 0 || !existsSync(TEMPLATES)) throw new Error(`No template was written:\n${made.text}`);
    await this.aws('s3', 'mb', `s3://${BUCKET}`);
  }

  /** Makes or updates a stack; its outputs. */
  public async deploy(
    stack: string,
    template: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>> {
    const file = join(TEMPLATES, `${template}.template.json`);
    const overrides = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    await this.aws(
      ...['cloudformation', 'deploy', '--template-file', file, '--s3-bucket', BUCKET, '--stack-name', stack],
      ...['--capabilities', 'CAPABILITY_NAMED_IAM', '--parameter-overrides', ...overrides],
    );
    await this.world.rememberSecrets();
    const query = 'Stacks[0].Outputs[].[OutputKey,OutputValue]';
    const text = await this.aws(
      ...['cloudformation', 'describe-stacks', '--stack-name', stack, '--query', query, '--output', 'json'],
    );
    return Object.fromEntries(JSON.parse(text) as [string, string][]);
  }

  public async remove(stack: string): Promise<void> {
    await this.aws('cloudformation', 'delete-stack', '--stack-name', stack);
    await this.aws('cloudformation', 'wait', 'stack-delete-complete', '--stack-name', stack);
  }

  /** Runs one command; its output. */
  public async aws(...args: string[]): Promise<string> {
    const env = { ...this.world.lab.env, AWS_DATA_PATH: FAST_WAITERS };
    const { code, text } = await shell('aws', args, { env });
    if (code !== 0) throw new Error(`aws ${args.slice(0, 2).join(' ')} failed:\n${text}`);
    return text;
  }
}
