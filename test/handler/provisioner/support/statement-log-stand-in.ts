import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { LogQuery, StatementLog } from '../../../../lib/handler/provisioner/aws/statement-log-ports';
import type { Faults } from './faults';

/** The statement log in CloudWatch: groups, and a server that writes to one of them. */
export class StatementLogStandIn implements StatementLog {
  readonly queries: LogQuery[] = [];
  /** Each group, as what is in it now; undefined: there is no such group. */
  lines: (logGroupName: string) => string | undefined = () => undefined;

  constructor(
    private readonly faults: Faults,
    private readonly now: () => number,
  ) {}

  async find(query: LogQuery): Promise<number | undefined> {
    this.queries.push(query);
    const action = 'logs:FilterLogEvents';
    this.faults.check(action, query.logGroupName);
    const lines = this.lines(query.logGroupName);
    if (lines === undefined) throw new AwsFailure(action, query.logGroupName, 'ResourceNotFound');
    return lines.includes(query.text ?? '') && lines !== '' ? this.now() : undefined;
  }
}
