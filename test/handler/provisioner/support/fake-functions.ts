import type { ApplyRequest, AccessRequest, Turn } from '../../../../lib/private/wire/sql';
import { kindOf } from '../../../../lib/handler/sql-runner/sqlstates';
import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { Functions, InvokeAnswer } from '../../../../lib/handler/provisioner/aws/ports';
import type { Faults } from './faults';
import type { FakePostgres } from './fake-postgres';
import type { VirtualClock } from './virtual-clock';

/** A request, whatever its operation. */
type FakeRequest = AccessRequest & Partial<Pick<ApplyRequest, 'admin' | 'owner' | 'turn'>>;

/** Something that a run does instead of its work. */
export type Fault = (signal?: AbortSignal) => Promise<InvokeAnswer>;

/** Lambda with one function, the sql-runner. */
export class FakeFunctions implements Functions {
  /** What the sql-runner was asked, in order. */
  readonly requests: FakeRequest[] = [];
  /** What was handed over to later invocations. */
  readonly sent: { readonly name: string; readonly payload: string }[] = [];
  /** In which turn it was asked. */
  readonly turns: Turn[] = [];
  private nextFaults: Fault[] = [];
  private readonly gone = new Set<string>();

  constructor(
    private readonly faults: Faults,
    private readonly postgres: FakePostgres,
    private readonly clock: VirtualClock,
  ) {}

  /** The next runs end like this. */
  next(...faults: Fault[]): void {
    this.nextFaults.push(...faults);
  }

  /** A run without a fault, before one with it. */
  work(): Fault {
    return async () => ({ payload: JSON.stringify(this.postgres.run(this.requests.at(-1)!)) });
  }

  /** A function that throws, crashes or times out. */
  crash(errorType: string, errorMessage: string): Fault {
    return async () => ({ functionError: 'Unhandled', payload: JSON.stringify({ errorType, errorMessage }) });
  }

  /** A function that answers something else. */
  answer(payload: string): Fault {
    return async () => ({ payload });
  }

  /** A run longer than any invocation. */
  hang(): Fault {
    return async (signal) => {
      const aborted = await this.clock.sleep(3_600_000, signal).catch((error: Error) => error);
      throw new AwsFailure('lambda:InvokeFunction', 'runner', aborted ? 'AbortError' : 'TimeoutError');
    };
  }

  drop(name: string): void {
    this.gone.add(name);
  }

  restore(name: string): void {
    this.gone.delete(name);
  }

  async invoke(name: string, payload: string, signal?: AbortSignal): Promise<InvokeAnswer> {
    this.faults.check('lambda:InvokeFunction', name);
    if (this.gone.has(name)) {
      const detail = `Function not found: arn:aws:lambda:us-east-1:111122223333:function:${name}`;
      throw new AwsFailure('lambda:InvokeFunction', name, 'ResourceNotFound', detail);
    }
    const { turn, ...request } = JSON.parse(payload) as FakeRequest;
    if (turn) this.turns.push(turn);
    this.requests.push(request);
    const fault = this.nextFaults.shift();
    if (fault) return withKind(await fault(signal));
    return withKind({ payload: JSON.stringify(this.postgres.run(request)) });
  }

  async send(name: string, payload: string): Promise<void> {
    this.faults.check('lambda:InvokeFunction', name);
    this.sent.push({ name, payload });
  }
}

/** The kind of a failure, as the sql-runner derives it from the code. */
function withKind(answer: InvokeAnswer): InvokeAnswer {
  if (answer.functionError !== undefined || !answer.payload.startsWith('{"ok":false')) return answer;
  const { error } = JSON.parse(answer.payload) as { error?: { code?: string } };
  if (!error) return answer;
  return { payload: JSON.stringify({ ok: false, error: { kind: kindOf(error.code), ...error } }) };
}
