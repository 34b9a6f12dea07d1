/** The work is done; for CloudFormation: the id and the attributes. */
export interface Done {
  readonly physicalId: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** Time runs out, the work does not fail: another invocation shall go on, with this state. No secret in it. */
export class Continue {
  constructor(readonly state: unknown) {}
}

export type Outcome = Done | Continue;
