import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledApp } from './apps';
import type { Cloud } from './cloud';
import { REPOSITORY } from './lab';
import { shell } from './shell';
import { failures, type Stacks } from './stack-events';

export interface Operation {
  /** The file of `test/e2e/apps`, without `.ts`. */
  readonly app: string;
  /** What runs the app, if it is not one of `test/e2e/apps`; `app` is then its name in the evidence. */
  readonly command?: string;
  readonly stacks: readonly string[];
  /** Where the stacks are. */
  readonly region?: string;
  /** The variant of the app. */
  readonly context?: Readonly<Record<string, string>>;
}

/** What the CLI and CloudFormation said of one operation. */
export interface Result {
  readonly code: number;
  readonly text: string;
  /** Events of the named stacks during this operation, oldest first. */
  readonly events: readonly StackEvent[];
  readonly outputs: Record<string, string>;
  readonly seconds: number;
}

const CLI = join(REPOSITORY, 'node_modules/.bin/cdk');

/** The CDK's own CLI, its output and the stacks' events kept as evidence. */
export class Cdk {
  private runs = 0;

  public constructor(
    private readonly cloud: Cloud,
    private readonly stacksOf: (region: string) => Stacks,
    /** Called again and again during an operation: what a failed one makes is soon gone. */
    private readonly watch: () => Promise<void>,
  ) {}

  public async bootstrap(account: string, region: string): Promise<void> {
    // As the README says it: the app of cdk.json needs a server, and bootstrapping runs it.
    const args = ['bootstrap', `aws://${account}/${region}`, '--app', '', '--no-notices'];
    const done = await shell(CLI, args, { cwd: REPOSITORY, env: this.cloud.env });
    if (done.code !== 0) {
      throw new Error(`cdk bootstrap failed:\n${done.text}`);
    }
  }

  /** Deploys, and fails when the CLI does. */
  public async deploy(operation: Operation): Promise<Result> {
    return mustSucceed('deploy', operation, await this.tryDeploy(operation));
  }

  public async destroy(operation: Operation): Promise<Result> {
    return mustSucceed('destroy', operation, await this.tryDestroy(operation));
  }

  public async tryDeploy(operation: Operation): Promise<Result> {
    // A name of its own for each: the emulator keeps the change sets of deleted stacks, and the CLI then waits for ever for
    // the one of the same name to go.
    const name = `e2e-${this.runs + 1}`;
    const flags = ['--require-approval', 'never', '--progress', 'events', '--change-set-name', name];
    return this.run(operation, ['deploy', ...flags]);
  }

  public async tryDestroy(operation: Operation): Promise<Result> {
    return this.run(operation, ['destroy', '--force']);
  }

  private async run(operation: Operation, args: string[]): Promise<Result> {
    const name = `${String(++this.runs).padStart(3, '0')}-${args[0]}-${operation.app}`;
    const app = operation.command ?? `node ${await bundledApp(operation.app)}`;
    const context = Object.entries(operation.context ?? {}).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
    const output = join(this.cloud.evidence, `${name}.cdk.out`);
    const flags = [
      '--exclusively',
      '--no-notices',
      '--no-color',
      '--app',
      app,
      '--output',
      output,
      ...context,
    ];
    const before = new Map(await this.snapshot(operation));
    if (args[0] === 'destroy') await this.cloud.keepServerLogs(); // they go with what is destroyed
    const started = Date.now();
    const watch = setInterval(() => void this.watch().catch(() => undefined), this.cloud.watchEvery);
    const done = await shell(CLI, [...args, ...operation.stacks, ...flags], this.where()).finally(() =>
      clearInterval(watch),
    );
    const seconds = (Date.now() - started) / 1000;
    const after = new Map(await this.snapshot(operation));
    const outputs: Record<string, string> = {};
    const events: StackEvent[] = [];
    for (const stack of operation.stacks) {
      const [was, is] = [before.get(stack), after.get(stack)];
      Object.assign(outputs, is?.outputs);
      for (const id of new Set([was?.id, is?.id].filter((x) => x !== undefined))) {
        const seen = id === was?.id ? was.seen : new Set();
        events.push(
          ...(await this.stacksOf(operation.region ?? this.cloud.region).events(id)).filter(
            (e) => !seen.has(e.EventId),
          ),
        );
      }
    }
    writeFileSync(join(this.cloud.evidence, `${name}.txt`), done.text);
    writeFileSync(join(this.cloud.evidence, `${name}.events.json`), JSON.stringify(events, null, 1));
    await this.cloud.keepServerLogs();
    await this.watch();
    return { code: done.code, text: done.text, events, outputs, seconds };
  }

  private async snapshot({ stacks, region = this.cloud.region }: Operation) {
    const there = this.stacksOf(region);
    return Promise.all(
      stacks.map(async (name) => {
        const state = await there.find(this.cloud.prefix + name);
        const seen = new Set(state ? (await there.events(state.id)).map((e) => e.EventId) : []);
        return [name, state && { ...state, seen }] as const;
      }),
    );
  }

  /** A folder without cdk.json: the suite's apps are named on the command line. */
  private where() {
    const cwd = join(this.cloud.dir, 'cwd');
    mkdirSync(cwd, { recursive: true });
    return { cwd, env: this.cloud.env, timeout: this.cloud.timeout };
  }
}

function mustSucceed(verb: string, operation: Operation, result: Result): Result {
  if (result.code !== 0) {
    const why = failures(result.events).join('\n') || result.text.slice(-2000);
    throw new Error(`cdk ${verb} ${operation.stacks.join(' ')} (${operation.app}) failed:\n${why}`);
  }
  return result;
}
