import type { Scenario } from '../support/scenario';
import { inAnAccount } from './account';
import { deployer } from './deployer';
import { existingLogging } from './existing-logging';
import { existingServers } from './existing-servers';
import { failovers } from './failovers';
import { failing } from './failures';
import { init } from './init';
import { newCluster } from './new-cluster';
import { noCode } from './no-code';
import { networkPaths } from './network-paths';
import { networkRollback } from './network-rollback';
import { followedCluster } from './private-link';
import { registered } from './registered';
import { removal } from './removal';
import { several } from './several';
import { templates } from './templates';
import { updates } from './updates';
import { upkeep } from './upkeep';

export const scenarios: readonly Scenario[] = [
  newCluster,
  ...existingServers,
  ...updates,
  ...failing,
  ...several,
  ...removal,
  ...templates,
  ...noCode,
  init,
  ...existingLogging,
  upkeep,
  registered,
  followedCluster,
  ...networkPaths,
  networkRollback,
  failovers,
  deployer,
  inAnAccount,
];
