import type { Scenario } from '../support/scenario';
import { existingLogging } from './existing-logging';
import { existingServers } from './existing-servers';
import { failing } from './failures';
import { newCluster } from './new-cluster';
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
  ...existingLogging,
  upkeep,
];
