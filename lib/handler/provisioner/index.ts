import { sdkPorts } from './aws';
import { systemClock } from './clock';
import { provision, type Invocation } from './provision';
import { parseTask, runTask } from './tasks';

const aws = sdkPorts();

/** The Lambda function behind the custom resources, and behind the rules that look after them. */
export async function handler(event: unknown, context: Invocation): Promise<void> {
  const world = { aws, clock: systemClock, write: (line: string) => console.log(line) };
  const task = parseTask(event);
  if (task) await runTask(task, context, world);
  else await provision(event, context, world);
}
