import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { LogPage, LogQuery, StatementLog } from '../../../../lib/handler/provisioner/aws/ports';
import type { Faults } from './faults';
import type { VirtualClock } from './virtual-clock';

/** The statement log in CloudWatch: groups, and a server that writes to one of them. */
export class FakeStatementLog implements StatementLog {
  readonly queries: LogQuery[] = [];
  /** Each group, as what is in it now; undefined: there is no such group. */
  lines: (logGroupName: string) => string | undefined = () => undefined;

  /** What is before the newest lines: pages without a line that fits, and how long each takes. */
  before = { pages: 0, milliseconds: 0 };

  constructor(
    private readonly faults: Faults,
    private readonly clock: VirtualClock,
  ) {}

  async page(query: LogQuery): Promise<LogPage> {
    this.queries.push(query);
    const action = 'logs:FilterLogEvents';
    this.faults.check(action, query.logGroupName);
    const lines = this.lines(query.logGroupName);
    if (lines === undefined) throw new AwsFailure(action, query.logGroupName, 'ResourceNotFound');
    const page = Number(query.nextToken ?? 0);
    if (page < this.before.pages) {
      this.clock.pass(this.before.milliseconds);
      return { nextToken: String(page + 1) };
    }
    return lines.includes(query.text ?? '') && lines !== '' ? { at: this.clock.now() } : {};
  }
}
