module.exports = globalThis.cloudFormationValidate;
