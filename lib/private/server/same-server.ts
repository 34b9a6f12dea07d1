import { Tokenization } from 'aws-cdk-lib';
import type { ServerSpec } from './server-spec';

/** Returns a text that identifies a server. */
export const nameOfServer = ({ kind, identifier, port }: ServerSpec) =>
  `${kind ?? Tokenization.stringifyNumber(port)} ${identifier}`;
