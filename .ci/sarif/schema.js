// Holds a SARIF file against the schema with the package that GitHub's upload action uses:
// `node schema.js SCHEMA FILE`. One line for each error; 0 for none, 1 for some.
const fs = require("fs");
const { Validator } = require("jsonschema");

const [schema, log] = process.argv.slice(2, 4).map((path) => JSON.parse(fs.readFileSync(path, "utf8")));
const errors = new Validator().validate(log, schema).errors;
for (const error of errors) console.log(error.stack.replace(/\s+/g, " "));
process.exitCode = errors.length ? 1 : 0;
