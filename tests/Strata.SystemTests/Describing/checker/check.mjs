// Judges what stands beside a layer, with parsers and schemas that are not ours.
//   node check.mjs cdx FILE          CycloneDX 1.6, by its official schema
//   node check.mjs spdx FILE SCHEMA  SPDX 2.3, by a schema; identifiers, licences, package URLs by their own parsers
//   node check.mjs schema SCHEMA FILE...
//   node check.mjs openapi FILE      OpenAPI 3.1, by a validator of its own
// Prints one line for each mistake and exits with 1 when there is one.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

// The packages stand in the folder from which this is started.
const require = createRequire(process.cwd() + '/');
const Ajv = require('ajv').default;
const Ajv2020 = require('ajv/dist/2020.js').default;
const addFormats = require('ajv-formats').default;
const parseLicense = require('spdx-expression-parse');
const { PackageURL } = require('packageurl-js');
const official = name => read(`${process.cwd()}/node_modules/@cyclonedx/cyclonedx-library/res/schema/${name}.SNAPSHOT.schema.json`);

const [kind, ...named] = process.argv.slice(2);
const mistakes = [];

if (kind === 'cdx') {
  const document = read(named[0]);
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  ajv.addFormat('idn-email', true).addFormat('iri-reference', true);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    const one = official(name);
    ajv.addSchema(one, `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  validate(ajv.compile(official('bom-1.6')), document);
  const parts = [document.metadata.component, ...document.components];
  const refs = parts.map(p => p['bom-ref']);
  unique('bom-ref', refs);
  for (const dependency of document.dependencies)
    for (const ref of [dependency.ref, ...(dependency.dependsOn ?? [])])
      if (!refs.includes(ref)) mistakes.push(`dependency on '${ref}', which is no component`);
  for (const part of parts) {
    if (part.purl) url(part.purl);
    for (const license of part.licenses ?? []) if (license.expression) expression(license.expression);
  }
} else if (kind === 'spdx') {
  const document = read(named[0]);
  validate(addFormats(new Ajv({ strict: false, allErrors: true })).compile(read(named[1])), document);
  const elements = [...document.packages, ...document.files];
  const ids = [document.SPDXID, ...elements.map(e => e.SPDXID)];
  unique('SPDXID', ids);
  const known = new Set(ids);
  for (const r of document.relationships)
    for (const id of [r.spdxElementId, r.relatedSpdxElement]) if (!known.has(id)) mistakes.push(`relationship with '${id}', which is not there`);
  const extracted = new Set((document.hasExtractedLicensingInfos ?? []).map(l => l.licenseId));
  for (const element of elements) {
    if (!/^SPDXRef-[A-Za-z0-9.-]+$/.test(element.SPDXID)) mistakes.push(`'${element.SPDXID}' is no identifier`);
    for (const license of [element.licenseDeclared, element.licenseConcluded].filter(l => l && l !== 'NOASSERTION')) {
      expression(license);
      for (const ref of license.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? []) if (!extracted.has(ref)) mistakes.push(`${ref} is explained nowhere`);
    }
    for (const ref of element.externalRefs ?? []) if (ref.referenceType === 'purl') url(ref.referenceLocator);
  }
} else if (kind === 'openapi') {
  const { Validator } = await import(pathToFileURL(require.resolve('@seriousme/openapi-schema-validator')));
  const validator = new Validator();
  const judged = await validator.validate(read(named[0]));
  if (!judged.valid) for (const error of [judged.errors].flat()) mistakes.push(typeof error === 'string' ? error : JSON.stringify(error));
  if (judged.valid && validator.version !== '3.1') mistakes.push(`version ${validator.version}`);
} else {
  const judge = addFormats(new Ajv2020({ allErrors: true })).compile(read(named[0]));
  for (const file of named.slice(1)) validate(judge, read(file), file);
}

for (const mistake of mistakes) console.log(mistake);
process.exit(mistakes.length === 0 ? 0 : 1);

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function validate(judge, document, file = '') {
  if (!judge(document)) for (const error of judge.errors.slice(0, 20)) mistakes.push(`${file}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}

function unique(what, values) {
  const seen = new Set();
  for (const value of values) {
    if (seen.has(value)) mistakes.push(`${what} '${value}' stands twice`);
    seen.add(value);
  }
}

function expression(text) {
  try {
    parseLicense(text);
  } catch (problem) {
    mistakes.push(`'${text}' is no licence expression: ${problem.message}`);
  }
}

function url(text) {
  try {
    // The specification escapes a plus sign (pkg:deb/debian/attr@1:2.4.47-2%2Bb1); this parser reads that and writes it bare.
    const again = PackageURL.fromString(text).toString().replaceAll('+', '%2B');
    if (again !== text) mistakes.push(`package URL '${text}' is written '${again}'`);
  } catch (problem) {
    mistakes.push(`'${text}' is no package URL: ${problem.message}`);
  }
}
