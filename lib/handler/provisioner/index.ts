import { sdkPorts } from './aws';
import { systemClock } from './clock';
import { provision, type Invocation } from './provision';

const aws = sdkPorts();

/** The Lambda function behind the custom resources. */
export async function handler(event: unknown, context: Invocation): Promise<void> {
  await provision(event, context, { aws, clock: systemClock, write: (line) => console.log(line) });
}
