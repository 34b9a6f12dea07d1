import { sdkPorts } from './aws';
import { systemClock } from './runtime/deadline';
import { pinsOf } from './pins';
import { type Invocation } from './runtime/provision';
import { parseRotationEvent, rotateSecret } from './rotate-secret';
import { provision } from './provision';
import { parseTask, runTask } from './tasks';

const aws = sdkPorts();

/** The Lambda function of the custom resources, of the scheduled tasks and of the password rotation. */
export async function handler(event: unknown, context: Invocation): Promise<void> {
  const write = (line: string) => console.log(line);
  const surroundings = { aws, clock: systemClock, write, pins: pinsOf(process.env) };
  const task = parseTask(event);
  const rotation = parseRotationEvent(event);
  if (task) await runTask(task, context, surroundings);
  else if (rotation) await rotateSecret(rotation, context, surroundings);
  else await provision(event, context, surroundings);
}
