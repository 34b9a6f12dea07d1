import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { VirtualClock } from './virtual-clock';

interface Fault {
  readonly action: string;
  readonly code: string;
  readonly detail?: string;
  times: number;
  readonly until: number;
}

/** What AWS refuses, and for how long. */
export class Faults {
  /** Every call, as `action resource`. */
  readonly calls: string[] = [];
  private faults: Fault[] = [];

  constructor(private readonly clock: VirtualClock) {}

  /** The next calls of this action fail. */
  fail(action: string, code: string, detail?: string, times = Infinity): void {
    this.faults.push({ action, code, detail, times, until: Infinity });
  }

  /** Policies take a while to be known: the action is denied for so long. */
  denyFor(milliseconds: number, action: string): void {
    const detail = `no identity-based policy allows the ${action} action.`;
    const until = this.clock.now() + milliseconds;
    this.faults.push({ action, code: 'AccessDenied', detail, times: Infinity, until });
  }

  /** Everything works again. */
  heal(): void {
    this.faults = [];
  }

  check(action: string, resource: string): void {
    this.calls.push(`${action} ${resource}`);
    this.probe(action, resource);
  }

  /** The same for a call that is not counted: how often the fence asks is its own matter. */
  probe(action: string, resource: string): void {
    const hit = this.faults.find(
      (fault) => fault.action === action && fault.times > 0 && this.clock.now() < fault.until,
    );
    if (!hit) return;
    hit.times--;
    throw new AwsFailure(action, resource, hit.code, hit.detail);
  }
}
