/** An error as the SDK throws it. */
export function rdsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

export const noCluster = (id: string) => rdsError('DBClusterNotFoundFault', `DBCluster ${id} not found.`);
export const noInstance = (id: string) => rdsError('DBInstanceNotFoundFault', `DBInstance ${id} not found.`);
export const noGroup = (name: string) =>
  rdsError('DBParameterGroupNotFoundFault', `DBParameterGroup not found: ${name}`);
export const invalid = (message: string) => rdsError('InvalidParameterValueException', message);
export const combination = (message: string) => rdsError('InvalidParameterCombinationException', message);
