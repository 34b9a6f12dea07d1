/** What the app `beside` may differ in; the scenarios hand it over as context. */
export interface Variant {
  readonly stack: string;
  /** The outputs of the server's stack. */
  readonly server: Record<string, string>;
  /** Props of `DatafoldPostgres` in place of the app's own. */
  readonly props?: object;
  /** Where the library is, if not in this repository. */
  readonly library?: string;
  /** The subnets of the function. */
  readonly subnets?: 'one';
  /** The function gets a security group that the server does not let in. */
  readonly isolate?: boolean;
  /** A logs user of the app in place of that of `DatafoldPostgres`: it reads all logs, or that of the server. */
  readonly logsUser?: { readonly reads?: 'all'; readonly sourceIps?: string[] };
  /** The library switches on the statement log too. */
  readonly statementLogging?: boolean;
  readonly sharedParameterGroup?: 'copy';
  /** It may reboot what waits for it. */
  readonly reboot?: boolean;
  /** An action that the provisioner is denied. */
  readonly deny?: string;
  /** After so many seconds CloudFormation waits for the access no longer, and goes back. */
  readonly giveUpAfter?: number;
  /** The functions' clock runs faster, so that their waits time out soon. */
  readonly hurry?: boolean;
}
