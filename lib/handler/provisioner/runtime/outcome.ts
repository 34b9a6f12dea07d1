/** The result of finished work: the physical id and the attributes. */
export interface Done {
  readonly physicalId: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** The work is not finished in time: another invocation continues with this state, which has no secrets. */
export class Continue {
  constructor(readonly state: unknown) {}
}

/** The result of one invocation. */
export type Outcome = Done | Continue;
