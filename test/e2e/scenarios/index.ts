import type { Scenario } from '../support/scenario';
import { existingLogging } from './existing-logging';
import { failing } from './failures';
import { newCluster } from './new-cluster';
import { removal } from './removal';
import { several } from './several';
import { templates } from './templates';
import { updates } from './updates';

export const scenarios: readonly Scenario[] = [
  newCluster,
  ...updates,
  ...failing,
  ...several,
  ...removal,
  ...templates,
  ...existingLogging,
];
