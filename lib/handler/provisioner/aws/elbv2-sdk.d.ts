// Declares only the used parts of a client that the Lambda runtime provides.
declare module '@aws-sdk/client-elastic-load-balancing-v2' {
  interface TargetDescription {
    Id: string;
    Port?: number;
  }
  class Command<Input, Output> {
    constructor(input: Input);
    readonly input: Input;
    /** Distinguishes the command types. */
    readonly output?: Output;
  }
  export class ElasticLoadBalancingV2Client {
    constructor(options: { maxAttempts?: number });
    send<Output>(command: Command<unknown, Output>): Promise<Output>;
  }
  export class DescribeTargetHealthCommand extends Command<
    { TargetGroupArn: string },
    {
      TargetHealthDescriptions?: {
        Target?: TargetDescription;
        TargetHealth?: { State?: string; Reason?: string };
      }[];
    }
  > {}
  export class RegisterTargetsCommand extends Command<
    { TargetGroupArn: string; Targets: TargetDescription[] },
    object
  > {}
  export class DeregisterTargetsCommand extends Command<
    { TargetGroupArn: string; Targets: TargetDescription[] },
    object
  > {}
}
