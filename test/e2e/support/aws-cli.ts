import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './lab';
import { shell } from './shell';
import type { World } from './world';

/** The CLI's own waiters, but asking every second in place of every thirty. */
const FAST_WAITERS = join(__dirname, 'aws-cli-data');
const BUCKET = 'datafold-templates';
const TEMPLATES = join(REPOSITORY, 'dist/template');

type Parameters = Readonly<Record<string, string>>;

const fileOf = (template: string) => join(TEMPLATES, `${template}.template.json`);

/** Whether the AWS CLI is on this machine. */
export async function hasAwsCli(): Promise<boolean> {
  return shell('aws', ['--version']).then(
    ({ code }) => code === 0,
    () => false,
  );
}

let written: Promise<void> | undefined;

/** Once for all lanes, which read the same files. */
async function writeTemplates(): Promise<void> {
  const tsx = join(REPOSITORY, 'node_modules/.bin/tsx');
  const made = await shell(tsx, [join(REPOSITORY, 'bin/template/write.ts')], { cwd: REPOSITORY });
  if (made.code !== 0 || !existsSync(TEMPLATES)) throw new Error(`No template was written:\n${made.text}`);
}

/** Launches the templates as a person with nothing but the AWS CLI does. */
export class AwsCli {
  public constructor(private readonly world: World) {}

  /** Writes the templates and makes the bucket that they are too large to go without. */
  public async prepare(): Promise<void> {
    await (written ??= writeTemplates());
    await this.aws('s3', 'mb', `s3://${BUCKET}`);
  }

  /** Makes a stack by the one command that does everything; it looks every 30 seconds whether it is done. */
  public async deploy(stack: string, template: string, parameters: Parameters) {
    const overrides = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    await this.aws(
      ...['cloudformation', 'deploy', '--template-file', fileOf(template), '--s3-bucket', BUCKET],
      ...['--stack-name', stack, '--capabilities', 'CAPABILITY_IAM', '--parameter-overrides', ...overrides],
    );
    return this.outputs(stack);
  }

  /** Makes a stack from a template in S3, as the console does. */
  public async create(stack: string, template: string, parameters: Parameters) {
    return this.launch('create', stack, template, parameters);
  }

  /** Gives the parameters of a stack these values. */
  public async update(stack: string, template: string, parameters: Parameters) {
    return this.launch('update', stack, template, parameters);
  }

  public async remove(stack: string): Promise<void> {
    await this.aws('cloudformation', 'delete-stack', '--stack-name', stack);
    await this.aws('cloudformation', 'wait', 'stack-delete-complete', '--stack-name', stack);
  }

  private async launch(verb: 'create' | 'update', stack: string, template: string, parameters: Parameters) {
    await this.aws('s3', 'cp', fileOf(template), `s3://${BUCKET}/${template}`);
    const given = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }));
    await this.aws(
      ...['cloudformation', `${verb}-stack`, '--stack-name', stack, '--capabilities', 'CAPABILITY_IAM'],
      ...['--template-url', `https://${BUCKET}.s3.amazonaws.com/${template}`],
      ...['--parameters', JSON.stringify(given)],
    );
    await this.aws('cloudformation', 'wait', `stack-${verb}-complete`, '--stack-name', stack);
    return this.outputs(stack);
  }

  private async outputs(stack: string): Promise<Record<string, string>> {
    await this.world.rememberSecrets();
    const outputs = await this.describe<[string, string][]>(
      stack,
      'Stacks[0].Outputs[].[OutputKey,OutputValue]',
    );
    return Object.fromEntries(outputs);
  }

  private async describe<T>(stack: string, query: string): Promise<T> {
    const command = ['cloudformation', 'describe-stacks', '--stack-name', stack, '--query', query];
    return JSON.parse(await this.aws(...command, '--output', 'json')) as T;
  }

  /** Runs one command; its output. */
  private async aws(...args: string[]): Promise<string> {
    const env = { ...this.world.lab.env, AWS_DATA_PATH: FAST_WAITERS };
    const { code, text } = await shell('aws', args, { env });
    if (code !== 0) throw new Error(`aws ${args.slice(0, 2).join(' ')} failed:\n${text}`);
    return text;
  }
}
