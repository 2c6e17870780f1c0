// Validates SARIF files against the published schema of 2.1.0: `node validate_sarif.cjs FILE..`. Prints what is wrong and exits with 1.
const fs = require("node:fs");
const path = require("node:path");
const Ajv = require("ajv");

const ajv = new Ajv({ schemaId: "auto", allErrors: true, meta: false, unknownFormats: "ignore" });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
const schema = path.join(path.dirname(require.resolve("@microsoft/jest-sarif/package.json")), "lib/schemas/sarif-2.1.0-rtm.5.json");
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, "utf8")));
let failed = 0;
for (const file of process.argv.slice(2)) {
  if (validate(JSON.parse(fs.readFileSync(file, "utf8")))) continue;
  failed = 1;
  for (const error of validate.errors.slice(0, 10)) console.log(`${file}: ${error.dataPath} ${error.message} ${JSON.stringify(error.params)}`);
}
process.exit(failed);
