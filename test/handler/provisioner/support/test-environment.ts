import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../lib/handler/provisioner/runtime/deadline';
import type { AwsPorts } from '../../../../lib/handler/provisioner/aws/ports';
import { ANY_EVENT, type Pins } from '../../../../lib/handler/provisioner/pins';
import { provision } from '../../../../lib/handler/provisioner/provision';
import { parseTask, runTask } from '../../../../lib/handler/provisioner/tasks';
import type { Task } from '../../../../lib/handler/provisioner/aws/run';
import type { Answer } from '../../../../lib/handler/provisioner/runtime/response';
import { parseRotationEvent, rotateSecret } from '../../../../lib/handler/provisioner/rotate-secret';
import { Faults } from './faults';
import { FakeFunctions } from './fake-functions';
import { FakeIam } from './fake-iam';
import { FakeLogs } from './fake-logs';
import { FakeNotices } from './fake-notices';
import { FakeNetworks } from './fake-networks';
import { FakePrivateLink } from './fake-private-link';
import { FakePostgres } from './fake-postgres';
import { FakeRds } from './fake-rds';
import { Receiver, SIGNATURE } from './receiver';
import { FakeParameters } from './fake-parameters';
import { FakeRotation } from './fake-rotation';
import { FakeSecrets } from './fake-secrets';
import { FakeStacks, STACK_ID } from './fake-stacks';
import { FakeStatementLog } from './fake-statement-log';
import { VirtualClock } from './virtual-clock';

export const OWN_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:provisioner';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** An account: the provisioner and what is around it. Knows every secret and all that was put out. */
export class TestEnvironment {
  readonly clock = new VirtualClock();
  readonly faults = new Faults(this.clock);
  readonly iam = new FakeIam(
    this.faults,
    (text) => this.secret(text),
    () => this.clock.now(),
  );
  readonly secrets = new FakeSecrets(this.faults);
  readonly rotation = new FakeRotation(this.faults, this.secrets);
  readonly parameters = new FakeParameters(this.faults);
  readonly notices = new FakeNotices(this.faults);
  readonly logs = new FakeLogs(this.faults);
  readonly statementLog = new FakeStatementLog(this.faults, this.clock);
  readonly rds = new FakeRds(this.faults);
  readonly privateLink = new FakePrivateLink(this.faults);
  readonly networks = new FakeNetworks(this.faults);
  readonly postgres = new FakePostgres();
  readonly functions = new FakeFunctions(this.faults, this.postgres, this.clock);
  readonly stacks = new FakeStacks(this.faults, this.clock);
  readonly receiver = new Receiver();
  readonly lines: string[] = [];
  /** The provisioner's time-out. */
  timeout = 15 * 60_000;
  /** What the function knows of its stack when it rotates a password. */
  readonly pins: Pins = { stack: STACK_ID, region: 'us-east-1', urlSuffix: 'amazonaws.com', datafold: [] };
  private readonly known: string[] = [SIGNATURE];

  static async start(): Promise<TestEnvironment> {
    const environment = new TestEnvironment();
    await environment.receiver.start();
    return environment;
  }

  /** Stops, and fails if a secret got out. */
  async stop(): Promise<void> {
    await this.receiver.stop();
    const output = this.output();
    for (const secret of this.known) {
      for (const spelling of [secret, JSON.stringify(secret).slice(1, -1)]) {
        if (output.includes(spelling)) throw new Error(`A secret got out: ${secret}`);
      }
    }
  }

  /** Declares a text a secret. */
  secret(text: string): string {
    this.known.push(text);
    return text;
  }

  /** All that leaves the provisioner but for calls of AWS. The event that it hands to itself holds the URL it came with. */
  output(): string {
    const continuations = this.functions.sent.map(({ payload }) =>
      JSON.stringify({ ...JSON.parse(payload), ResponseURL: '' }),
    );
    const notices = this.notices.published.map(({ subject, text }) => `${subject}: ${text}`);
    const answers = this.receiver.received.map(({ body }) => body);
    return [...this.lines, ...answers, ...continuations, ...notices].join('\n');
  }

  get log(): LogLine[] {
    return this.lines.map((line) => JSON.parse(line) as LogLine);
  }

  /** Hands an event to the provisioner and to the invocations that go on with it; the answer. */
  async send(event: object): Promise<Answer> {
    const answers = this.receiver.received.length;
    const sent = this.functions.sent.length;
    let next: object = { ResponseURL: this.receiver.url, RequestId: randomUUID(), ...event };
    for (let invocationCount = 0; this.receiver.received.length === answers; invocationCount++) {
      if (invocationCount > 0)
        next = JSON.parse(this.functions.sent[sent + invocationCount - 1]?.payload ?? 'null') as object;
      await this.invoke(next);
    }
    return JSON.parse(this.receiver.received[answers]?.body ?? 'null') as Answer;
  }

  /** What an invocation for a task or a rotation finds. */
  private async besideDeployments(work: () => Promise<void>): Promise<void> {
    const { stacks } = this;
    const before = stacks.current;
    stacks.current = stacks.duringTasks;
    await work().finally(() => (stacks.current = before));
  }

  /** Hands the event of a schedule to the provisioner. */
  async task(event: object, tasks?: Readonly<Record<string, Task>>): Promise<void> {
    const { clock, aws, timeout } = this;
    const end = clock.now() + timeout;
    const invocation = { invokedFunctionArn: OWN_ARN, getRemainingTimeInMillis: () => end - clock.now() };
    const write = (line: string) => this.lines.push(line);
    await this.besideDeployments(async () =>
      runTask(parseTask(event)!, invocation, { aws, clock, write, pins: ANY_EVENT }, tasks),
    );
  }

  /** The same, and those of the invocations that go on with it. */
  async tasks(event: object): Promise<void> {
    const { sent } = this.functions;
    for (let next: object | undefined = event; next;) {
      const before = sent.length;
      await this.task(next);
      next = sent[before] && (JSON.parse(sent[before].payload) as object);
    }
  }

  /** Hands a step of a rotation to the provisioner; throws where the step fails, as Lambda does. */
  async rotate(event: object): Promise<void> {
    const { clock, aws, timeout } = this;
    const end = clock.now() + timeout;
    const invocation = { invokedFunctionArn: OWN_ARN, getRemainingTimeInMillis: () => end - clock.now() };
    const write = (line: string) => this.lines.push(line);
    await this.besideDeployments(async () =>
      rotateSecret(parseRotationEvent(event)!, invocation, { aws, clock, write, pins: this.pins }),
    );
  }

  /** The invocation stops in the middle, as when the runtime dies: while it waits for something that never comes. */
  async crash(event: object): Promise<void> {
    const { clock } = this;
    this.stacks.ask(event);
    const frozen = { now: () => clock.now(), sleep: async () => new Promise<void>(() => undefined) };
    void provision(
      { ResponseURL: this.receiver.url, ...event },
      { invokedFunctionArn: OWN_ARN, getRemainingTimeInMillis: () => this.timeout },
      { aws: this.aws, clock: frozen, write: (line) => this.lines.push(line), pins: ANY_EVENT },
    );
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  get ports(): AwsPorts {
    return this.aws;
  }

  private get aws(): AwsPorts {
    const { iam, secrets, rotation, parameters, notices, logs, statementLog, functions } = this;
    const { stacks, rds, privateLink } = this;
    return {
      iam,
      iamGroups: iam,
      secrets,
      rotation,
      parameters,
      notices,
      logs,
      statementLog,
      functions,
      stacks,
      targetGroups: privateLink,
      endpointServices: privateLink,
      networks: this.networks,
      names: privateLink,
      rds: rds as unknown as AwsPorts['rds'],
    };
  }

  /** One invocation for an event of CloudFormation, or for one that goes on with it. */
  async invoke(event: object, clock: Clock = this.clock, awsRequestId?: string): Promise<void> {
    const end = this.clock.now() + this.timeout;
    const answers = this.receiver.received.length;
    this.stacks.ask(event);
    await provision(
      event,
      { invokedFunctionArn: OWN_ARN, awsRequestId, getRemainingTimeInMillis: () => end - clock.now() },
      { aws: this.aws, clock, write: (line) => this.lines.push(line), pins: ANY_EVENT },
    );
    for (const { body } of this.receiver.received.slice(answers))
      this.stacks.answered(JSON.parse(body) as Answer);
  }
}
