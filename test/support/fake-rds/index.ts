import { rdsError } from './errors';
import { groupOperations } from './group-operations';
import type { Input } from './operation';
import { serverOperations } from './server-operations';
import { RdsState } from './state';

const OPERATIONS = { ...serverOperations, ...groupOperations };

/**
 * RDS as the SDK's client shows it: keeps state, takes its time, refuses what RDS refuses.
 *
 * By the user guides: another group is in effect after a reboot only, a changed dynamic parameter at once.
 */
export class FakeRds extends RdsState {
  /** As the SDK's client. */
  readonly send = async (command: { input: object }): Promise<object> => {
    const name = command.constructor.name.replace(/Command$/, '');
    this.calls.push(name);
    const failure = this.failures.find((one) => one.command === name);
    if (failure && failure.after-- <= 0) {
      this.failures.splice(this.failures.indexOf(failure), 1);
      throw failure.error;
    }
    if (this.forbidden.has(name))
      throw rdsError('AccessDenied', `rds:${name} is denied by a service control policy`);
    if (this.denied && !name.startsWith('Describe') && JSON.stringify(command.input).includes(this.denied))
      throw rdsError('AccessDenied', `The role may not perform rds:${name}`);
    if (this.calls.length % this.throttleEvery === 0) throw rdsError('ThrottlingException', 'Rate exceeded');
    const operation = OPERATIONS[name];
    if (!operation) throw rdsError('UnknownOperation', `The fake has no ${name}`);
    return operation(this, JSON.parse(JSON.stringify(command.input)) as Input) ?? {};
  };
}
