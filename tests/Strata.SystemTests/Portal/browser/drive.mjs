// Drives one Chromium for the portal's tests: a JSON command a line comes in, a JSON answer a line goes out.
//   node drive.mjs CHROMIUM          started in the folder in which the packages stand
// A visitor is a browser profile of its own; "as" says who acts. Errors are answers: the test that asked fails with them.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';

const require = createRequire(process.cwd() + '/');
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const patience = 15000;
// Chromium's sandbox does not start for root; all that it opens here is on the loopback device, and it finds no other.
const alone = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';
const browser = await chromium.launch({ executablePath: process.argv[2], args: process.getuid() === 0 ? ['--no-sandbox', alone] : [alone] });
const visitors = new Map();

async function visitor(name, clientCertificates) {
  if (!visitors.has(name)) {
    const context = await browser.newContext({ clientCertificates, ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(patience);
    // The checker comes in as an extension's script would, so that the pages keep their content security policy.
    await context.addInitScript({ content: axe });
    const page = await context.newPage();
    const complaints = [];
    page.on('console', message => { if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`); });
    page.on('pageerror', error => complaints.push(`${page.url()}: ${error.message}`));
    visitors.set(name, { context, page, complaints, passed: [] });
  }
  return visitors.get(name);
}

const found = (page, { role, name, selector, exact }) =>
  selector ? page.locator(selector) : page.getByRole(role, { name, exact: exact ?? true });

const commands = {
  async hold() {},
  async open({ page }, { url }) {
    const answer = await page.goto(url);
    return { status: answer?.status() ?? 0, url: page.url(), title: await page.title() };
  },
  async click({ page }, where) { await found(page, where).first().click(); },
  async fill({ page }, { label, selector, text }) { await (selector ? page.locator(selector) : page.getByLabel(label, { exact: true })).first().fill(text); },
  async select({ page }, { label, text }) { await page.getByLabel(label, { exact: true }).first().selectOption({ label: text }); },
  async press({ page }, { key }) { await page.keyboard.press(key); },
  async waitFor({ page }, where) { await found(page, where).first().waitFor(); },
  async waitForText({ page }, { text }) { await page.getByText(text).first().waitFor(); },
  async text({ page }, { selector }) { return await page.locator(selector).first().innerText(); },
  async texts({ page }, { selector }) { return await page.locator(selector).allInnerTexts(); },
  async attribute({ page }, { selector, name }) { return await page.locator(selector).first().getAttribute(name); },
  async count({ page }, where) { return await found(page, where).count(); },
  async focused({ page }) { return await page.evaluate(() => (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.innerText ?? '').trim()); },
  async drop({ page }, { selector, file, name }) {
    const content = readFileSync(file).toString('base64');
    const transfer = await page.evaluateHandle(([content, name]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(content), c => c.charCodeAt(0))], name));
      return transfer;
    }, [content, name]);
    for (const event of ['dragenter', 'dragover', 'drop']) await page.locator(selector).dispatchEvent(event, { dataTransfer: transfer });
  },
  async choose({ page }, { selector, file }) { await page.locator(selector).setInputFiles(file); },
  async break({ page, passed }, { address, method, number }) {
    await page.route(address, async route => {
      const request = route.request();
      passed.push(`${request.method()} ${request.headers()['upload-offset'] ?? ''}`);
      if (request.method() === method && --number === 0) await route.abort('connectionreset'); else await route.continue();
    });
  },
  async answer({ page, passed }, { address, status }) {
    await page.route(address, async route => {
      passed.push(`${route.request().method()} ${new URL(route.request().url()).pathname} ${status}`);
      await route.fulfill({ status });
    });
  },
  async passed({ passed }) { return passed.splice(0); },
  async download({ page }, where) {
    const [download] = await Promise.all([page.waitForEvent('download'), found(page, where).first().click()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  },
  async look({ page }, { dark, width }) {
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
  },
  // Whether the page is wider than the window: then it has to be pushed sideways to be read.
  async overflow({ page }) { return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth); },
  async check({ page }) {
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    return violations.flatMap(v => v.nodes.map(n => `${v.id}: ${v.help}: ${n.target.join(' ')}: ${n.failureSummary.replaceAll('\n', ' ')}`));
  },
  async picture({ page }, { file }) { await page.screenshot({ path: file, fullPage: true }); },
  async complaints({ complaints }) { return complaints.splice(0); },
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { command, as, ...rest } = JSON.parse(line);
    // Certificates come with the profile: they are named before the visitor does anything.
    const holds = command === 'hold' ? [{ origin: rest.origin, pfxPath: rest.file, passphrase: '' }] : undefined;
    answer = { value: await commands[command](await visitor(as, holds), rest) ?? null };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
await browser.close();
